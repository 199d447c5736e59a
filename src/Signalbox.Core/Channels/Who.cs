namespace Signalbox.Core.Channels;

/// <summary>Who somebody is to a channel, and from whom on it is open: each includes those after it.</summary>
public enum Who : byte
{
    /// <summary>Whoever comes, as far as rights go.</summary>
    Anyone,

    /// <summary>Who has come as a user.</summary>
    Users,

    /// <summary>Backends: who has come with an API key, or may do everything.</summary>
    Keys,

    /// <summary>Nobody who comes from outside: only the code that the server is hosted by.</summary>
    Nobody,
}
