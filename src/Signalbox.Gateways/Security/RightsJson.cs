using System.Text.Json.Serialization;

namespace Signalbox.Gateways.Security;

/// <summary>The claim <c>signalbox</c>: its names are those of the settings, and begin small.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RightsSettings))]
internal sealed partial class RightsJson : JsonSerializerContext;
