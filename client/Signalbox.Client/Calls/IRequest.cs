using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Replies;

namespace Signalbox.Client;

/// <summary>A command: what it says and how its reply is read. A struct, so that it lives inside of its call.</summary>
internal interface IRequest<out TReply>
{
    CommandName Command { get; }

    CallTraits Traits { get; }

    /// <summary>Writes the fields behind <c>command</c> and <c>seq</c>.</summary>
    void Write(ReplyWriter writer);

    TReply Read(Reply reply);
}
