namespace Signalbox.Engine.Nodes;

/// <summary>Something for the pump to do between two deliveries: what belongs to the pump is changed by it alone, in the
/// order in which everything was put into the inbox.</summary>
internal sealed class PumpStep(Action todo)
{
    public void Do() => todo();
}
