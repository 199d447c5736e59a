using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;
using Signalbox.Core.Refusals;
using Signalbox.Engine.Binary;

namespace Signalbox.Engine.Cluster.Wire;

/// <summary>
/// Everything that the contract says crosses from silo to silo in the contract's own binary form, and stays as it is
/// within one.
/// </summary>
/// <remarks>
/// The contract cannot carry Orleans' attributes, so no codec is generated for its types. They are immutable, so a copy
/// of one is the thing itself. Enumerations, lists and exceptions are left to Orleans.
/// </remarks>
internal sealed class ContractCodec : IGeneralizedCodec, IGeneralizedCopier, ITypeFilter
{
    // Bigger than this it is not kept for the next value.
    private const int KeptScratchBytes = 64 * 1024;

    private static readonly Type Self = typeof(ContractCodec);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    public void WriteField<TBufferWriter>(
        ref Writer<TBufferWriter> writer, uint fieldIdDelta, [AllowNull] Type expectedType, [AllowNull] object value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (value is null)
        {
            ReferenceCodec.WriteNullReference(ref writer, fieldIdDelta);
            return;
        }

        // Whoever expects one of our types comes here to read it; for all others our own name stands for it.
        ReferenceCodec.MarkValueField(writer.Session);
        var type = expectedType is not null && IsOurs(expectedType) ? expectedType : Self;
        writer.WriteFieldHeader(fieldIdDelta, expectedType, type, WireType.LengthPrefixed);

        var scratch = _scratch ?? new ArrayBufferWriter<byte>();
        _scratch = null;
        BinaryForm.Write(scratch, value);
        writer.WriteVarUInt32((uint)scratch.WrittenCount);
        writer.Write(scratch.WrittenSpan);
        scratch.ResetWrittenCount();
        if (scratch.Capacity <= KeptScratchBytes) _scratch = scratch;
    }

    public object? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.IsReference) return ReferenceCodec.ReadReference(ref reader, field.FieldType ?? typeof(object));

        field.EnsureWireType(WireType.LengthPrefixed);
        ReferenceCodec.MarkValueField(reader.Session);
        return BinaryForm.Read(reader.ReadBytes(reader.ReadVarUInt32()));
    }

    public object? DeepCopy(object? input, CopyContext context) => input;

    bool IGeneralizedCodec.IsSupportedType(Type type) => IsOurs(type);

    bool IGeneralizedCopier.IsSupportedType(Type type) => IsOurs(type);

    public bool? IsTypeAllowed(Type type) => IsOfContract(type) || type == Self ? true : null;

    private static bool IsOurs(Type type) =>
        type == Self
        || (IsOfContract(type) && !type.IsEnum && !type.IsInterface && !typeof(Exception).IsAssignableFrom(type));

    private static bool IsOfContract(Type type) =>
        type.Assembly == typeof(IEngine).Assembly || type.Assembly == typeof(Refusal).Assembly;
}
