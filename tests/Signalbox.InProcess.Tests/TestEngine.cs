using Signalbox.Engine.Channels;
using Signalbox.Engine.Embedded;
using Signalbox.Engine.Embedded.Log;
using Signalbox.Engine.Nodes;
using Signalbox.TestKit;

namespace Signalbox.InProcess.Tests;

/// <summary>An engine in memory with its node, on a clock that the test moves.</summary>
public sealed class TestEngine : IDisposable
{
    public TestEngine(ChannelRules rules, EngineLimits limits, ILog? log = null)
    {
        Engine = new EmbeddedEngine(Clock, log ?? new MemoryLog(), rules, limits, EngineDurability.Default);
        Node = new Node("node 1", Engine, rules);
    }

    public ManualClock Clock { get; } = new();

    public EmbeddedEngine Engine { get; }

    public Node Node { get; }

    public static async Task<TestEngine> StartAsync(params ChannelRule[] rules)
    {
        var engine = new TestEngine(new ChannelRules([.. rules], Core.Channels.ChannelOptions.Default), EngineLimits.Default);
        await engine.JoinAsync();
        return engine;
    }

    /// <param name="log">Tells the test when something has happened.</param>
    public static async Task<TestEngine> StartAsync(HeldLog log)
    {
        log.Release();
        var engine = new TestEngine(new ChannelRules([], Core.Channels.ChannelOptions.Default), EngineLimits.Default, log);
        await engine.JoinAsync();
        return engine;
    }

    public async Task JoinAsync() => await Engine.JoinAsync(Node, CancellationToken.None);

    public InProcessSignalbox Connect(string name = "app") =>
        new(Engine, Node, Clock, new InProcessOptions { Name = name });

    public void Dispose() => Engine.Dispose();
}
