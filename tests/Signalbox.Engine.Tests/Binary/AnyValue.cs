using System.Collections.Immutable;
using System.Reflection;
using Signalbox.Core.Payloads;

namespace Signalbox.Engine.Tests.Binary;

/// <summary>Makes a value of any type that has a binary form, the same for the same seed.</summary>
internal sealed class AnyValue(int seed)
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly long[] Numbers = [0, 1, -1, 63, 64, 127, 128, -129, 300, int.MaxValue, long.MaxValue, long.MinValue];

    private static readonly string[] Texts = ["", "a", "rooms/1", "grün", "日本語", "🚂", new('x', 200)];

    private readonly Random _random = new(seed);

    public object Make(Type type)
    {
        if (type == typeof(long)) return _random.Next(2) == 0 ? Pick(Numbers) : _random.NextInt64();
        if (type == typeof(int)) return (int)Pick(Numbers[..10]);
        if (type == typeof(ushort)) return (ushort)_random.Next(1, ushort.MaxValue + 1);
        if (type == typeof(uint)) return (uint)_random.NextInt64(uint.MaxValue);
        if (type == typeof(ImmutableArray<uint>)) return Many(() => (uint)_random.NextInt64(uint.MaxValue));
        if (type == typeof(bool)) return _random.Next(2) == 0;
        if (type == typeof(string)) return Pick(Texts);
        if (type == typeof(TimeSpan)) return new TimeSpan(Pick(Numbers));
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(_random.NextInt64(3_000_000_000_000_000_000), TimeSpan.Zero);
        if (type == typeof(Payload)) return new Payload(Bytes(), (PayloadKind)_random.Next(3));
        if (type == typeof(Headers)) return new Headers([.. Many(() => KeyValuePair.Create(Pick(Texts), Pick(Texts)))]);
        if (type.IsEnum) return Pick([.. Enum.GetValues(type).Cast<object>()]);

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var element = type.GetGenericArguments()[0];
            var elements = Many(() => Make(element)).ToArray();
            var list = Array.CreateInstance(element, elements.Length);
            elements.CopyTo(list, 0);
            return list;
        }

        var constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!; // All have one.
        return constructor.Invoke([.. constructor.GetParameters().Select(MakeArgument)]);
    }

    private object? MakeArgument(ParameterInfo parameter)
    {
        var inner = Nullable.GetUnderlyingType(parameter.ParameterType);
        var mayBeNull = inner is not null || Nullability.Create(parameter).WriteState is NullabilityState.Nullable;
        return mayBeNull && _random.Next(3) == 0 ? null : Make(inner ?? parameter.ParameterType);
    }

    private ImmutableArray<T> Many<T>(Func<T> make) => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => make())];

    private byte[] Bytes()
    {
        var bytes = new byte[_random.Next(2) == 0 ? _random.Next(10) : _random.Next(300)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];
}
