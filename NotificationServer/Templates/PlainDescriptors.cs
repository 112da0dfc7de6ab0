using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using HandlebarsDotNet.IO;
using HandlebarsDotNet.Iterators;
using HandlebarsDotNet.MemberAccessors;
using HandlebarsDotNet.ObjectDescriptors;
using HandlebarsDotNet.PathStructure;

namespace NotificationServer.Templates;

/// Answers for every type, before the library's own descriptors are asked: nothing but an entry of a map or an item of a list can
/// be reached, and no getter of a .NET object is ever run by reflection.
internal sealed class PlainDescriptors : IObjectDescriptorProvider, IMemberAccessor, IIterator
{
    private static readonly ListIterator<PlainList, object?> Lists = new();
    private static readonly DictionaryIterator<PlainMap, string, object?> Maps = new();

    public bool TryGetDescriptor(Type type, [NotNullWhen(true)] out ObjectDescriptor? value)
    {
        value = new ObjectDescriptor(type, this, static (_, _) => Array.Empty<object>(), _ => this);
        return true;
    }

    public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
    {
        var name = memberName.TrimmedValue;
        value = null;
        return instance switch
        {
            PlainMap map => map.TryGetValue(name, out value),
            PlainList list => TryGetItem(list, name, out value),
            _ => false,
        };
    }

    private static bool TryGetItem(PlainList list, string name, out object? value)
    {
        value = null;
        if (name == "length") value = (long)list.Count;
        else if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count) value = list[index];
        return value is not null;
    }

    public void Iterate(in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input,
        TemplateDelegate template, TemplateDelegate ifEmpty)
    {
        switch (input)
        {
            case PlainList list:
                Lists.Iterate(writer, context, blockParamsVariables, input, Paying(list.Budget, template), ifEmpty);
                break;
            case PlainMap map:
                Maps.Iterate(writer, context, blockParamsVariables, input, Paying(map.Budget, template), ifEmpty);
                break;
            default:
                ifEmpty(writer, context); // a word or a number has no items
                break;
        }
    }

    private static TemplateDelegate Paying(RenderBudget budget, TemplateDelegate template) => (writer, context) =>
    {
        budget.Step();
        template(writer, context);
    };
}

/// `true` as JSON writes it, and nothing for a list or an object that is printed as if it were a word.
internal sealed class PlainFormatter : IFormatterProvider, IFormatter
{
    public bool TryCreateFormatter(Type type, [NotNullWhen(true)] out IFormatter? formatter)
    {
        formatter = type == typeof(bool) || typeof(IPlainValue).IsAssignableFrom(type) ? this : null;
        return formatter is not null;
    }

    public void Format<T>(T value, in EncodedTextWriter writer)
    {
        if (value is bool yes) writer.Write(yes ? "true" : "false", encode: false);
    }
}
