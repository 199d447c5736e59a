using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Signalbox.Gateways.Http;

/// <summary>Writes the replies to a batch as one array, in pieces: a long one leaves before its end is known.</summary>
internal sealed class BatchWriter(RequestSession session)
{
    private readonly HttpContext _context = session.Context;
    private bool _hasBegun;

    /// <summary>Sends the replies that have come.</summary>
    /// <returns>False where the client is gone.</returns>
    public ValueTask<bool> SendAsync()
    {
        Write();
        return Answers.FlushAsync(_context, session.TakeHandOvers());
    }

    /// <summary>Sends the rest.</summary>
    public async ValueTask EndAsync()
    {
        if (!_hasBegun) _context.Response.ContentLength = Math.Max(1, session.Replies.Length) + 1;
        Write();
        _context.Response.BodyWriter.Write("]"u8);
        if (session.TakeHandOvers() is { } handOvers) await Answers.FlushAsync(_context, handOvers);
    }

    private void Write()
    {
        // Each reply has a comma before it, and the first one a bracket instead.
        var replies = session.Replies.Span;
        if (!_hasBegun) _context.Response.BodyWriter.Write("["u8);
        _context.Response.BodyWriter.Write(_hasBegun || replies.IsEmpty ? replies : replies[1..]);
        session.DropReplies();
        _hasBegun = true;
    }
}
