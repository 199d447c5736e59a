using System.Buffers.Binary;
using Signalbox.Core.Payloads;
using Signalbox.Core.Refusals;
using Signalbox.Engine;
using Signalbox.Engine.Channels;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;
using Signalbox.Protocol.Replies;

namespace Signalbox.Gateways.Mqtt;

// PUBLISH of the client, and the acknowledgements in both directions.
internal partial class MqttConnection
{
    private static readonly ReplyBody<PublishAnswer> Nothing = static (_, _, _) => { };

    private Task _lastOnce = Task.CompletedTask;

    private ValueTask PublishAsync(MqttClient client, ReadOnlyMemory<byte> body)
    {
        if (MqttPublish.Read(Version, MqttSender.Client, _flags, body, out var packet) is { } error) return Fail(error);
        if ((int)packet.Qos > Options.MaximumQos) return Fail(MqttEnd.QosNotSupported);
        if (packet.Retain && !Options.RetainAvailable) return Fail(MqttEnd.RetainNotSupported);
        if (FindTopic(packet, out var channel) is { } end) return Fail(end);

        Mqtt.Figures.Received();
        var head = new PublishHead(packet.Qos, packet.PacketId);
        if (packet.Qos == MqttQos.AtLeastOnce && Pending.Count >= Options.ReceiveMaximum) return Fail(MqttEnd.TooManyUnanswered);
        if (packet.Qos == MqttQos.ExactlyOnce && client.HasTaken(packet.PacketId))
        {
            // It came before, and is not published twice.
            Answer(head, default(PublishAnswer));
            return default;
        }

        if (Check(packet, channel, body.Length) is { } failure)
        {
            Answer(head, failure);
            return default;
        }

        var payload = packet.Payload.ToArray();
        var headers = MqttHeaders.Read(packet.Properties, MqttMessages.QualityOf(packet.Qos));
        if (headers.Entries.Length > Host.Options.MaxHeaders)
        {
            Answer(head, new Failure(ErrorCode.LimitExceeded, $"More than {Host.Options.MaxHeaders} properties.", null));
            return default;
        }

        string? id = null;
        if (packet.Qos == MqttQos.ExactlyOnce)
        {
            if (!client.HasRoom)
            {
                Answer(head, Failure.Of(Refusal.StorageUnavailable));
                return default;
            }

            if (!client.TryBegin(packet.PacketId, channel!, out id)) return Fail(MqttEnd.TooManyUnanswered); // It was checked.
        }

        var request = new PublishRequest(
            new Payload(payload, PayloadKinds.Of(payload)), headers, Peer, client.Id, packet.Retain, id);
        var rule = Host.Rules.RuleFor(channel!); // It was checked.
        if (rule.Options.RateLimit > 0 || Host.Backend.AsksToPublish(channel!)) return PublishAskingAsync(head, channel!, rule, request);

        Answer(head, PublishAsync(head, channel!, request));
        return default;
    }

    private ValueTask<PublishAnswer> PublishAsync(PublishHead head, string channel, PublishRequest request) =>
        request.Id is null ? Publishing.PublishAsync(this, channel, request) : PublishOnceAsync(head, channel, request);

    // Not before it is kept that it was begun: a repeat, also after a crash, has the same id then.
    private async ValueTask<PublishAnswer> PublishOnceAsync(PublishHead head, string channel, PublishRequest request)
    {
        var client = Client!; // It has begun it.
        var (before, done) = (_lastOnce, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _lastOnce = done.Task;
        ValueTask<PublishAnswer> publishing;
        try
        {
            var kept = client.WhenKeptAsync();
            // In the order in which they came.
            await before;
            await kept;
            // The client has said it again meanwhile, on another connection, and knows that it came.
            if (!client.IsBegun(head.PacketId, request.Id!)) return default; // It has one.
            publishing = Publishing.PublishAsync(this, channel, request);
        }
        finally
        {
            done.SetResult();
        }

        var answer = await publishing;
        if (answer.Refusal == Refusal.None) client.Take(head.PacketId);
        return answer;
    }

    private async ValueTask PublishAskingAsync(PublishHead head, string channel, ChannelRule rule, PublishRequest request)
    {
        Failure? failure;
        try
        {
            failure = rule.Options.RateLimit > 0 ? await Publishing.SpendAsync(this, rule, 1) : null;
            if (failure is null) (failure, request) = await Publishing.AskAsync(this, channel, request);
            // The backend may have other headers for it, and knows of no QoS.
            request = request with { Headers = request.Headers.With(MqttMessages.QualityOf(head.Qos)) };
        }
        catch (LogFailedException)
        {
            failure = Failure.LogFailed;
        }

        if (failure is not null) Answer(head, failure);
        else Answer(head, PublishAsync(head, channel, request));
    }

    /// <returns>Why it is not published; null where it is.</returns>
    private Failure? Check(in MqttPublish packet, string? channel, int bytes)
    {
        if (channel is null || Core.Names.Name.IsSystem(channel)) return new Failure(ErrorCode.BadKey, MqttEnd.BadTopic.Message, null);
        if (packet.CheckPayload() is { } error) return new Failure(ErrorCode.Malformed, error.Sentence, null);
        if (Traffic.Spend(bytes) is { } left) return Failure.Of(Refusal.RateLimited) with { Rate = left };
        if (Permits.MayPublish(Host.Rules, Identity, channel)) return null;

        return new Failure(ErrorCode.Forbidden, $"You have no right to publish to '{channel}'.", null);
    }

    /// <param name="channel">Null where the topic is no name of a channel.</param>
    /// <returns>False where there is no such alias.</returns>
    private MqttEnd? FindTopic(in MqttPublish packet, out string? channel)
    {
        channel = null;
        var alias = packet.Properties.NumberOf(MqttPropertyId.TopicAlias);
        if (alias is null)
        {
            channel = Host.Names.Find(packet.Topic.Span);
            return null;
        }

        if (alias > Options.TopicAliasMaximum) return MqttEnd.BadAlias;

        _aliases ??= new string?[Options.TopicAliasMaximum];
        ref var place = ref _aliases[(int)alias.Value - 1];
        // A topic that is no channel's name has an alias too: what is published by it is refused like the topic itself.
        if (!packet.Topic.IsEmpty) place = Host.Names.Find(packet.Topic.Span) ?? "";
        channel = place is { Length: > 0 } ? place : null;
        return place is null ? MqttEnd.UnknownAlias : null;
    }

    private ValueTask TakeAck(MqttClient client, ReadOnlyMemory<byte> body)
    {
        if (MqttAck.Read(Version, _type, body, out var packet) is { } error) return Fail(error);

        if (packet.Type != MqttPacketType.PubRel)
        {
            client.Acknowledged(this, packet);
            return default;
        }

        var reason = client.TryFinish(packet.PacketId) ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound;
        var answer = new MqttAck { Type = MqttPacketType.PubComp, PacketId = packet.PacketId, Reason = reason };
        var kept = client.WhenKeptAsync();
        if (kept.IsCompletedSuccessfully && Pending.IsIdle) answer.Write(Gathered, Version);
        else AnswerInTurn(new PublishHead(MqttQos.ExactlyOnce, packet.PacketId), WhenAsync(kept, answer), static (_, _, _) => { });

        return default;
    }

    private static async ValueTask<MqttAck> WhenAsync(ValueTask kept, MqttAck answer)
    {
        await kept;
        return answer;
    }

    private void Answer(PublishHead head, Failure failure)
    {
        if (Pending.IsIdle) WriteAnswer(Gathered, head, failure);
        else AnswerInTurn(head, new ValueTask<Failure>(failure), static (_, _, _) => { });
    }

    private void Answer(PublishHead head, PublishAnswer answer) => Answer(head, new ValueTask<PublishAnswer>(answer));

    private void Answer(PublishHead head, ValueTask<PublishAnswer> answer)
    {
        if (answer.IsCompletedSuccessfully && Pending.IsIdle) WriteAnswer(Gathered, head, answer.Result);
        else AnswerInTurn(head, answer, Nothing);
    }

    private void AnswerInTurn<T>(PublishHead head, ValueTask<T> answer, ReplyBody<T> body)
    {
        // What gathered so far belongs before it.
        FlushReplies();
        Span<byte> bytes = stackalloc byte[PublishHead.Bytes];
        head.Write(bytes);
        Pending.Add(answer, new ReplyHead(default, default, default, bytes).Keep(), body, null);
    }

    /// <summary>An answer that had to wait: what it is to is in the head.</summary>
    internal override void Write<T>(SessionScratch scratch, scoped ReplyHead head, T answer, ReplyBody<T> body)
    {
        var publish = PublishHead.Read(head.Seq);
        if (answer is Failure failure) WriteAnswer(scratch.Replies, publish, failure);
        else if (answer is PublishAnswer published) WriteAnswer(scratch.Replies, publish, published);
        else if (answer is MqttAck ack) ack.Write(scratch.Replies, Version);
    }

    private void WriteAnswer(JsonBuffer output, PublishHead head, PublishAnswer answer)
    {
        if (answer.Refusal == Refusal.None)
        {
            Host.Metrics.CommandDone(CommandName.Publish, 0);
            var isHeard = answer.Handed > 0 || answer.Offset == 0;
            WriteAnswer(output, head, isHeard ? MqttReasonCode.Success : MqttReasonCode.NoMatchingSubscribers, default);
            return;
        }

        var reason = MqttReasons.OfPublish(answer.Refusal);
        WriteRefusal(output, head, reason, Failure.Of(answer.Refusal));
    }

    private void WriteAnswer(JsonBuffer output, PublishHead head, Failure failure)
    {
        var reason = failure.Code == ErrorCode.Malformed ? MqttReasonCode.PayloadFormatInvalid : MqttReasons.OfPublish(failure.Code);
        WriteRefusal(output, head, reason, failure);
    }

    private void WriteRefusal(JsonBuffer output, PublishHead head, MqttReasonCode reason, Failure failure)
    {
        Host.Metrics.CommandDone(CommandName.Publish, (int)failure.Code);
        if (head.Qos == MqttQos.ExactlyOnce && Version == MqttVersion.V5) Client?.TryFinish(head.PacketId);
        // Older versions have no word for it. What may not be published is lost to them; what could be, but not now, and
        // what has no channel, is not acknowledged.
        var isWorthAnEnd = reason is MqttReasonCode.ImplementationSpecificError or MqttReasonCode.TopicNameInvalid
            or MqttReasonCode.UnspecifiedError;
        if (Version == MqttVersion.V5 || !isWorthAnEnd || head.Qos == MqttQos.AtMostOnce)
        {
            WriteAnswer(output, head, reason, Explained(failure.Message, failure.Rate));
            return;
        }

        if (head.Qos == MqttQos.ExactlyOnce) Client?.TryFinish(head.PacketId);
        EndFor(reason == MqttReasonCode.TopicNameInvalid ? MqttEnd.BadTopic : MqttEnd.StorageFailed);
    }

    private void WriteAnswer(JsonBuffer output, PublishHead head, MqttReasonCode reason, MqttProperties properties)
    {
        if (head.Qos == MqttQos.AtMostOnce) return;

        var type = head.Qos == MqttQos.AtLeastOnce ? MqttPacketType.PubAck : MqttPacketType.PubRec;
        var ack = new MqttAck { Type = type, PacketId = head.PacketId, Reason = reason, Properties = properties };
        if (ack.SizeOf(Version) > MaxPacketBytes) ack = new MqttAck { Type = type, PacketId = head.PacketId, Reason = reason };
        ack.Write(output, Version);
    }

    /// <summary>What an answer repeats of its PUBLISH.</summary>
    private readonly record struct PublishHead(MqttQos Qos, ushort PacketId)
    {
        public const int Bytes = 3;

        public static PublishHead Read(ReadOnlySpan<byte> bytes) =>
            new((MqttQos)bytes[0], BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]));

        public void Write(Span<byte> bytes)
        {
            bytes[0] = (byte)Qos;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], PacketId);
        }
    }
}
