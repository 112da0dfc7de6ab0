namespace NotificationServer.Templates;

/// How much one rendering may do. The count makes the same template with the same data end the same way on every machine;
/// the clock is the net behind it. It is looked at only every 256th step, so that a small template is never stopped because the
/// machine was busy.
internal sealed class RenderBudget(TimeProvider clock, TimeSpan time, int steps)
{
    private const int StepsBetweenLooks = 256;
    private long? started;
    private int taken;
    private int looked;

    /// Those of the text that is being rendered.
    public IReadOnlyList<PreparedCall> Calls { get; private set; } = [];

    public Speech Speech { get; private set; } = Speech.Neutral;

    /// The clock starts with the first step of each text: compiling it, which happens once, is not the rendering's doing.
    public void BeginText(Speech speech, IReadOnlyList<PreparedCall> calls) => (started, Speech, Calls) = (null, speech, calls);

    public void Step(int weight = 1)
    {
        var begun = started ??= clock.GetTimestamp();
        taken += weight;
        if (taken > steps) throw new RenderStopped($"took more than {steps} steps");
        if (taken - looked < StepsBetweenLooks) return;
        looked = taken;
        if (clock.GetElapsedTime(begun) > time) throw new RenderStopped($"took longer than {time.TotalMilliseconds:0} ms");
    }
}

/// Unwinds out of a rendering that used up its budget or cannot say what it should; it never leaves <see cref="CompiledText"/>.
internal sealed class RenderStopped(string reason) : Exception(reason);
