using System.Diagnostics;
using Signalbox.Core.Users;

namespace Signalbox.Engine.Binary;

/// <summary>The binary form of what happens to users.</summary>
internal static class UserFactForm
{
    public static BinaryTag Write(RecordWriter writer, UserFact fact)
    {
        switch (fact)
        {
            case ConnectionOpened opened:
                PartForm.Write(writer, opened.Connection);
                return BinaryTag.ConnectionOpened;

            case ConnectionClosed closed:
                writer.Text(closed.Id);
                return BinaryTag.ConnectionClosed;

            case UserNodeRenewed renewed:
                writer.Text(renewed.Node);
                writer.Time(renewed.Until);
                return BinaryTag.UserNodeRenewed;

            case UserNodeLost lost:
                writer.Text(lost.Node);
                return BinaryTag.UserNodeLost;

            case RateSpent spent:
                writer.Text(spent.Limit);
                writer.Number(spent.Amount);
                writer.Time(spent.At);
                writer.Span(spent.Window);
                return BinaryTag.RateSpent;

            case RateForgotten forgotten:
                writer.Text(forgotten.Limit);
                writer.Time(forgotten.UpTo);
                return BinaryTag.RateForgotten;

            case TokensRevoked revoked:
                writer.Time(revoked.At);
                writer.Time(revoked.Until);
                writer.OptionalText(revoked.TokenId);
                return BinaryTag.TokensRevoked;

            case RevocationEnded ended:
                writer.OptionalText(ended.TokenId);
                return BinaryTag.RevocationEnded;

            default:
                throw new UnreachableException($"{fact.GetType().Name} has no binary form.");
        }
    }

    public static object? Read(ref RecordReader reader, BinaryTag tag) => tag switch
    {
        BinaryTag.ConnectionOpened => new ConnectionOpened(PartForm.ReadConnection(ref reader)),
        BinaryTag.ConnectionClosed => new ConnectionClosed(reader.Text()),
        BinaryTag.UserNodeRenewed => new UserNodeRenewed(reader.Text(), reader.Time()),
        BinaryTag.UserNodeLost => new UserNodeLost(reader.Text()),
        BinaryTag.RateSpent => new RateSpent(reader.Text(), reader.Int(), reader.Time(), reader.Span()),
        BinaryTag.RateForgotten => new RateForgotten(reader.Text(), reader.Time()),
        BinaryTag.TokensRevoked => ReadRevoked(ref reader),
        BinaryTag.RevocationEnded => new RevocationEnded(reader.OptionalText()),
        _ => null,
    };

    private static TokensRevoked ReadRevoked(ref RecordReader reader)
    {
        var at = reader.Time();
        var until = reader.Time();
        return new TokensRevoked(reader.OptionalText(), at, until);
    }
}
