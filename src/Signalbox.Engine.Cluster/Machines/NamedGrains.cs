namespace Signalbox.Engine.Cluster.Machines;

/// <summary>Grains of one kind by their names.</summary>
/// <remarks>
/// Whenever it is asked for a grain, Orleans works out by reflection what the interface is called and which class it
/// stands for, several microseconds each time: here that is done once. Nor does it take a name of white space, which
/// is a name like any other.
/// </remarks>
internal sealed class NamedGrains<TGrain>(IGrainFactory grains)
    where TGrain : IGrainWithStringKey
{
    private GrainReference? _any;

    public TGrain Find(string name)
    {
        var any = _any ??= (GrainReference)(object)grains.GetGrain<TGrain>("any");
        return (TGrain)grains.GetGrain(GrainId.Create(any.GrainId.Type, IdSpan.Create(name)), any.InterfaceType);
    }
}
