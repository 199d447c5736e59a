using System.Collections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Signalbox.Transport;

/// <summary>The features of a connection: its own at no cost, and the few that others add in a list.</summary>
internal sealed class FeatureList(SocketConnection connection) : IFeatureCollection
{
    private readonly List<KeyValuePair<Type, object?>> _added = new(4);

    public bool IsReadOnly => false;

    public int Revision { get; private set; }

    public object? this[Type key]
    {
        get
        {
            foreach (var (type, feature) in _added)
            {
                if (type == key) return feature;
            }

            return IsOwn(key) || (connection.Loop.IsSpare && key == typeof(ISpareConnectionFeature)) ? connection : null;
        }

        set
        {
            Revision++;
            var index = _added.FindIndex(added => added.Key == key);
            if (index < 0) _added.Add(new(key, value));
            else _added[index] = new(key, value);
        }
    }

    public TFeature? Get<TFeature>() => (TFeature?)this[typeof(TFeature)];

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        foreach (var type in Own)
        {
            if (_added.All(added => added.Key != type)) yield return new(type, connection);
        }

        foreach (var (type, feature) in _added)
        {
            if (feature is not null) yield return new(type, feature);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static readonly Type[] Own =
    [
        typeof(IConnectionIdFeature),
        typeof(IConnectionItemsFeature),
        typeof(IConnectionTransportFeature),
        typeof(IConnectionLifetimeFeature),
        typeof(IConnectionEndPointFeature),
        typeof(IConnectionSocketFeature),
        typeof(IMemoryPoolFeature),
        typeof(IConnectionPlaceFeature),
    ];

    private static bool IsOwn(Type key) => Array.IndexOf(Own, key) >= 0;
}
