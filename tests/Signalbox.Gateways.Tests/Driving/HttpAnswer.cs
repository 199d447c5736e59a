using System.Text;

namespace Signalbox.Gateways.Tests.Driving;

/// <summary>An answer to a request, read to its end.</summary>
internal sealed record HttpAnswer(int Status, byte[] Bytes, HttpResponseMessage Message)
{
    public string Body => Encoding.UTF8.GetString(Bytes);

    public string ContentType => Message.Content.Headers.ContentType?.ToString() ?? "";

    /// <summary>A header of the response or its content; empty where there is none.</summary>
    public string Header(string name) =>
        Message.Headers.TryGetValues(name, out var values) || Message.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : "";

    public string Field(string name) => Body.Field(name);
}
