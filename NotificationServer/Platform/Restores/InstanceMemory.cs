using System.Text.Json;

namespace NotificationServer.Platform.Restores;

/// `instance.json` in the data directory: what this node has seen of each database that it worked with. It must not be in the database, nor on
/// a disk that is restored together with it.
internal sealed class InstanceMemory(DataDirectory data, ILogger<InstanceMemory> log)
{
    private const string FileName = "instance.json";
    private const int MostDatabases = 20;

    private bool isComplainedOf;

    public Memory? Recall(Guid instance) => Read().GetValueOrDefault(instance);

    public void Keep(Guid instance, Memory seen)
    {
        try
        {
            var all = Read();
            // Of two processes with one data directory the one that has seen more is right.
            if (all.TryGetValue(instance, out var there) && there.Witness == seen.Witness && there.Epoch == seen.Epoch && there.Count >= seen.Count) return;
            all[instance] = seen;
            foreach (var oldest in all.OrderByDescending(one => one.Value.At).Skip(MostDatabases).Select(one => one.Key).ToList()) all.Remove(oldest);
            data.WriteSecretly(FileName, JsonSerializer.Serialize(all));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It goes on by what it knows itself; only over a restart nothing is remembered.
            if (!isComplainedOf) Log.MemoryUnwritten(log, data.Path, e.Message);
            isComplainedOf = true;
        }
    }

    private Dictionary<Guid, Memory> Read()
    {
        try
        {
            var file = data.Locate(FileName);
            return File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<Guid, Memory>>(File.ReadAllText(file)) ?? [] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // Written whole or not at all, so that somebody else has been at it.
            Log.MemoryUnread(log, data.Path, e.Message);
            return [];
        }
    }
}
