using System.Reflection;
using Signalbox.Engine.Cluster.Forms;

namespace Signalbox.Engine.Cluster.Tests.Forms;

/// <summary>All that processes of a cluster say to each other and have in storage in Orleans' words: what a release
/// must have in common with another of its form.</summary>
internal static class Contract
{
    private static readonly Assembly Ours = typeof(ClusterForm).Assembly;

    /// <summary>One line a call, a record and an enumeration.</summary>
    public static string Now
    {
        get
        {
            var lines = Calls().Concat(Records()).Concat(Choices()).Order(StringComparer.Ordinal);
            return string.Join('\n', [$"form {ClusterForm.Number}", .. lines]);
        }
    }

    /// <summary>As it was written down for the form.</summary>
    public static string Agreed
    {
        get
        {
            using var written = Assembly.GetExecutingAssembly().GetManifestResourceStream("contract.txt")!; // It is embedded.
            using var reader = new StreamReader(written);
            return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd();
        }
    }

    private static IEnumerable<string> Calls() =>
        from type in Ours.GetTypes()
        where type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)
        from method in type.GetMethods()
        let arguments = string.Join(", ", method.GetParameters().Select(one => NameOf(one.ParameterType)))
        select $"{NameOf(type)}.{method.Name}({arguments}): {NameOf(method.ReturnType)}";

    private static IEnumerable<string> Records() =>
        from type in Ours.GetTypes()
        where type.GetCustomAttribute<GenerateSerializerAttribute>() is not null && !type.IsEnum
        let members = type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        let fields =
            from member in members
            let id = member.GetCustomAttribute<IdAttribute>()
            where id is not null
            orderby id.Id
            select $"{id.Id} {NameOf(TypeOf(member))}"
        select $"{NameOf(type)}: {string.Join(", ", fields)}";

    private static IEnumerable<string> Choices() =>
        from type in Ours.GetTypes()
        where type.IsEnum
        let values = Enum.GetNames(type).Select(name => $"{Enum.Format(type, Enum.Parse(type, name), "D")} {name}")
        select $"{NameOf(type)}: {string.Join(", ", values)}";

    private static Type TypeOf(MemberInfo member) => member switch
    {
        PropertyInfo property => property.PropertyType,
        FieldInfo field => field.FieldType,
        _ => throw new NotSupportedException($"{member} is no field."),
    };

    // A type of ours is told by what Orleans sends of it: its alias, or else its name.
    private static string NameOf(Type type)
    {
        if (type.IsArray) return $"{NameOf(type.GetElementType()!)}[]"; // It is an array.
        if (type.GetCustomAttribute<AliasAttribute>() is { } alias) return alias.Alias;
        if (!type.IsGenericType) return type.Assembly == Ours ? type.FullName! : type.Name; // No open type.

        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
