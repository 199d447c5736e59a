using System.Reflection;
using Signalbox.Core.Channels;
using Signalbox.Core.Hashes;
using Signalbox.Core.Queues;
using Signalbox.Core.Users;
using Signalbox.Engine.Channels;
using Signalbox.Engine.Deliveries;
using Signalbox.Engine.Hashes;
using Signalbox.Engine.Listing;
using Signalbox.Engine.Nodes;
using Signalbox.Engine.Queues;
using Signalbox.Engine.Users;

namespace Signalbox.Engine.Tests.Binary;

/// <summary>Every type that must have a binary form, found in the code: the facts, and what the contract says.</summary>
internal static class BinaryTypes
{
    private static readonly Type[] Families =
    [
        typeof(ChannelFact), typeof(HashFact), typeof(QueueFact), typeof(UserFact), typeof(NameFact), typeof(Delivery),
    ];

    private static readonly Type[] Contract =
        [typeof(IEngine), typeof(IChannel), typeof(IHashKey), typeof(IQueue), typeof(IUser)];

    // What a cluster says beyond the contract.
    private static readonly Type[] Parts = [typeof(Member), typeof(Message), typeof(ChannelPosition)];

    // What every serializer knows, and what never leaves the process.
    private static readonly Type[] Others =
    [
        typeof(string), typeof(int), typeof(long), typeof(bool), typeof(TimeSpan), typeof(CancellationToken), typeof(INode),
    ];

    public static IReadOnlyList<Type> All { get; } =
        [.. Facts().Concat(Said()).Concat(Parts).Distinct().OrderBy(NameOf, StringComparer.Ordinal)];

    /// <summary>A name that is good for a file.</summary>
    public static string NameOf(Type type) => !type.IsGenericType
        ? type.Name
        : $"{type.Name[..type.Name.IndexOf('`')].TrimStart('I')}Of{type.GetGenericArguments()[0].Name}";

    private static IEnumerable<Type> Facts() =>
        from family in Families
        from type in family.Assembly.GetTypes()
        where family.IsAssignableFrom(type) && !type.IsAbstract
        select type;

    private static IEnumerable<Type> Said() =>
        from part in Contract
        from method in part.GetMethods()
        from whole in method.GetParameters().Select(parameter => parameter.ParameterType).Append(AnswerOf(method))
        from type in WithElements(whole)
        where !Others.Contains(type) && !Contract.Contains(type)
        select type;

    // Whoever knows lists himself asks for what is in them.
    private static Type[] WithElements(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            ? [type, type.GetGenericArguments()[0]]
            : [type];

    private static Type AnswerOf(MethodInfo method) =>
        method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(CancellationToken);
}
