namespace Signalbox.Engine.Cluster.Nodes;

/// <summary>What kind of grain a node has told something.</summary>
[GenerateSerializer]
internal enum ToldKind : byte
{
    Channel = 0,
    Key = 1,
    User = 2,
}
