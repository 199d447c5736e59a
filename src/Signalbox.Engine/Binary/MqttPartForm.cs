using System.Collections.Immutable;
using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;

namespace Signalbox.Engine.Binary;

/// <summary>What several facts of sessions have in them.</summary>
internal static class MqttPartForm
{
    public static void Write(RecordWriter writer, MqttMessage message)
    {
        var start = writer.Begin();
        writer.Text(message.Channel);
        writer.Byte((byte)message.Delivery.Quality);
        writer.Flag(message.Delivery.Retain);
        writer.Count(message.Delivery.Identifiers.Length);
        foreach (var identifier in message.Delivery.Identifiers) writer.Number(identifier);
        PartForm.WriteOptional(writer, message.Message, PartForm.Write);
        if (message.Place is { } place)
        {
            writer.Present();
            PartForm.Write(writer, place);
        }
        else
        {
            writer.Absent();
        }

        writer.OptionalText(message.Group);
        writer.OptionalTime(message.ExpiresAt);
        writer.End(start);
    }

    public static MqttMessage ReadMqttMessage(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var channel = reader.Text();
        var quality = (Quality)reader.Choice((byte)Quality.ExactlyOnce);
        var retain = reader.Flag();
        var delivery = new MqttDelivery(quality, retain, ReadIdentifiers(ref reader));
        var message = PartForm.ReadOptional(ref reader, PartForm.ReadMessage);
        ChannelPosition? place = reader.IsPresent() ? PartForm.ReadPosition(ref reader) : null;
        var group = reader.OptionalText();
        var expiresAt = reader.OptionalTime();
        reader.End(outer);
        return new MqttMessage(channel, message, place, delivery, group, expiresAt);
    }

    public static void Write(RecordWriter writer, SessionSubscription subscription)
    {
        var start = writer.Begin();
        writer.Text(subscription.Filter);
        writer.Byte((byte)subscription.Most);
        writer.Flag(subscription.NoLocal);
        writer.Flag(subscription.RetainAsPublished);
        writer.Number(subscription.Identifier);
        writer.OptionalText(subscription.Group);
        writer.End(start);
    }

    public static SessionSubscription ReadSubscription(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var filter = reader.Text();
        var most = (Quality)reader.Choice((byte)Quality.ExactlyOnce);
        var noLocal = reader.Flag();
        var retainAsPublished = reader.Flag();
        var identifier = (uint)reader.Number();
        var group = reader.OptionalText();
        reader.End(outer);
        return new SessionSubscription(filter, group, most, noLocal, retainAsPublished, identifier);
    }

    public static void Write(RecordWriter writer, SessionWill will)
    {
        var start = writer.Begin();
        writer.Text(will.Channel);
        PartForm.Write(writer, will.Payload);
        PartForm.Write(writer, will.Headers);
        writer.Flag(will.Retain);
        writer.Span(will.Delay);
        Write(writer, will.Author);
        PartForm.WriteQuality(writer, will.Headers);
        writer.End(start);
    }

    public static SessionWill ReadWill(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var channel = reader.Text();
        var payload = PartForm.ReadPayload(ref reader);
        var headers = PartForm.ReadHeaders(ref reader);
        var retain = reader.Flag();
        var delay = reader.Span();
        var author = ReadAuthor(ref reader);
        headers = headers.With(PartForm.ReadQuality(ref reader));
        reader.End(outer);
        return new SessionWill(channel, payload, headers, retain, delay, author);
    }

    private static void Write(RecordWriter writer, WillAuthor author)
    {
        var start = writer.Begin();
        writer.Text(author.Connection);
        writer.Text(author.Peer);
        writer.Text(author.RateUser);
        writer.Byte((byte)author.Who);
        writer.OptionalText(author.User);
        PartForm.WriteOptional(writer, author.Token, PartForm.Write);
        writer.End(start);
    }

    private static WillAuthor ReadAuthor(ref RecordReader reader)
    {
        var outer = reader.Begin();
        var connection = reader.Text();
        var peer = reader.Text();
        var rateUser = reader.Text();
        var who = (Who)reader.Choice((byte)Who.Nobody);
        var user = reader.OptionalText();
        var token = PartForm.ReadOptional(ref reader, PartForm.ReadToken);
        reader.End(outer);
        return new WillAuthor(connection, peer, user, rateUser, who, token);
    }

    private static ImmutableArray<uint> ReadIdentifiers(ref RecordReader reader)
    {
        var count = reader.Count();
        if (count == 0) return [];

        var identifiers = ImmutableArray.CreateBuilder<uint>();
        for (var i = 0; i < count && !reader.IsBroken; i++) identifiers.Add((uint)reader.Number());
        return identifiers.DrainToImmutable();
    }
}
