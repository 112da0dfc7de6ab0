using System.Text.Json;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Json;

/// The body of a call for many things, `{"items":[...]}`: each item is read by itself, so that what is wrong with one is nobody else's error.
internal static class JsonItems
{
    private const int MaxDepth = 40;

    /// Where the items are.
    public static List<Range> Find(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw Refuse("wrong_type", "", "The body is an object with items");
        List<Range>? items = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("items"u8)) throw Refuse("unknown_property", $"/{JsonFault.Escape(reader.GetString() ?? "")}", "This field is not known here");
            if (items is not null) throw Refuse("duplicate_property", "/items", "This field is there twice");
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) throw Refuse("wrong_type", "/items", "This is a list");
            items = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                items.Add(start..(int)reader.BytesConsumed);
            }
        }
        reader.Read(); // whatever follows the object is malformed
        return items ?? throw Refuse("required", "/items", "This field is required");
    }

    private static ProblemException Refuse(string code, string pointer, string message) =>
        new(Problems.Malformed(code, message, new FieldError(pointer, code, message)));
}
