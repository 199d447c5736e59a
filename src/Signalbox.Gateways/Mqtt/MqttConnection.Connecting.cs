using System.Globalization;
using System.Text;
using Signalbox.Core.Channels;
using Signalbox.Core.Mqtt;
using Signalbox.Core.Payloads;
using Signalbox.Gateways.Commands;
using Signalbox.Gateways.Security;
using Signalbox.Gateways.Sessions;
using Signalbox.Protocol.Commands;
using Signalbox.Protocol.Errors;
using Signalbox.Protocol.Mqtt;
using Signalbox.Protocol.Mqtt.Packets;
using Signalbox.Protocol.Mqtt.Properties;
using Signalbox.Protocol.Mqtt.Reasons;

namespace Signalbox.Gateways.Mqtt;

// CONNECT, and what is agreed with it.
internal partial class MqttConnection
{
    private const uint Forever = uint.MaxValue;

    private async ValueTask ConnectAsync(ReadOnlyMemory<byte> body)
    {
        var error = MqttConnect.Read(body, out var connect);
        Version = connect.Version;
        error ??= connect.Will?.CheckPayload();
        if (error is not null)
        {
            Refuse(error.Reason, error.Sentence);
            return;
        }

        TakeLimits(connect.Properties);
        if (connect.Properties.Has(MqttPropertyId.AuthenticationMethod))
        {
            Refuse(MqttReasonCode.BadAuthenticationMethod, "There is no authentication method here: use user name and password.");
            return;
        }

        // What is read on is copied: the packet is gone when others have been asked.
        var isClean = connect.CleanStart;
        var name = Encoding.UTF8.GetString(connect.ClientId.Span);
        var isNamed = name.Length > 0;
        if (!isNamed) name = $"auto-{Guid.CreateVersion7():N}";
        var keepAlive = connect.KeepAliveSeconds;
        var asked = AskedExpiry(connect);
        var expiry = Capped(asked);
        if (!TryReadWill(connect.Will, out var will, out var refusal))
        {
            Refuse(refusal, "The server does not take this will: see the reason code.");
            return;
        }

        if (await AdmitAsync(connect) is { } failure)
        {
            Host.Metrics.CommandDone(CommandName.Hello, (int)failure.Code);
            Refuse(MqttReasons.OfConnect(failure.Code), failure.Message);
            return;
        }

        if (will is not null && !Permits.MayPublish(Host.Rules, Identity, will.Channel))
        {
            Refuse(MqttReasonCode.NotAuthorized, "You have no right to publish the will.");
            return;
        }

        // Nobody knew before who they are.
        will = will is null ? null : will with { Author = Author() };
        Name = name;
        SetKeepAlive(keepAlive, out var serverKeepAlive);
        await BeginAsync(name, Welcome(isNamed ? null : name, asked, serverKeepAlive), isClean, expiry, will);
    }

    private void TakeLimits(MqttProperties properties)
    {
        MaxPacketBytes = (int)Math.Min(properties.NumberOf(MqttPropertyId.MaximumPacketSize) ?? int.MaxValue, int.MaxValue);
        ReceiveMaximum = (int)(properties.NumberOf(MqttPropertyId.ReceiveMaximum) ?? ushort.MaxValue);
        var aliases = Math.Min((int)(properties.NumberOf(MqttPropertyId.TopicAliasMaximum) ?? 0), Options.MaxSentTopicAliases);
        if (aliases > 0) _sentAliases = new MqttSentAliases(aliases);
        _wantsProblems = properties.NumberOf(MqttPropertyId.RequestProblemInformation) != 0;
    }

    private async ValueTask BeginAsync(
        string name, MqttPropertyBuilder welcome, bool isClean, TimeSpan expiry, SessionWill? will)
    {
        if (new MqttConnAck { Properties = welcome.Build() }.SizeOf(Version) > MaxPacketBytes)
        {
            // Before a session begins, ends or is taken over: the client could not be told of it.
            IsBroken = true;
            return;
        }

        using var turn = await Mqtt.Clients.Turns.TakeAsync((Identity.RateName, name));
        while (!IsOver)
        {
            var (client, isPresent) = await Mqtt.Clients.ClaimAsync(Identity.RateName, name, isClean, Peer, isKept: expiry > TimeSpan.Zero);
            if (client is null)
            {
                Refuse(MqttReasonCode.QuotaExceeded, "The server has as many sessions as allowed.");
                return;
            }

            // A session may come to its end just now: then there is another one, or none.
            if (await TryEnterAsync(client, expiry, will, isPresent, welcome)) return;
        }
    }

    private async ValueTask<bool> TryEnterAsync(
        MqttClient client, TimeSpan expiry, SessionWill? will, bool isPresent, MqttPropertyBuilder welcome)
    {
        if (isPresent) await client.LeaveForbiddenAsync(filter => Permits.MayRead(Host.Rules, Identity, filter));
        var missed = isPresent ? await client.MissedAsync() : 0;
        Client = client;
        if (!client.TryEnter(this, ReceiveMaximum, expiry, will, () => Accept(isPresent, welcome, missed)))
        {
            Client = null;
            return false;
        }

        // Whoever ends a connection that is not the client's yet ends nothing of the client's.
        if (End is not null) client.Leave(this, end: null);
        else if (isPresent) await client.EnterPresenceAsync(this, Member());
        if (client.WantsFigures) Mqtt.FiguresFeed.Add(client);
        return true;
    }

    private Member Member() => new(Id, Host.Node.Id, Peer, Name, Identity.User, Host.Clock.GetUtcNow());

    /// <summary>Who is there: the password is a token or an API key; a user name alone is one too.</summary>
    private async ValueTask<Failure?> AdmitAsync(MqttConnect connect)
    {
        var credential = connect.Password is { Length: > 0 } password ? password : connect.UserName;
        Failure? failure = null;
        // Without keys nobody can say who they are, and many clients have a name set: it is not looked at.
        if (Host.Doors.HasKeys && credential is { Length: > 0 } token) failure = await Admission.AdmitAsync(this, token.Span);
        else if (Identity.IsAnonymous) failure = await Admission.AdmitAsync(this, Identity);
        if (failure is not null) return failure;
        if (Identity.MustSayWho) return new Failure(ErrorCode.Forbidden, "Say who you are: the password is a token or a key.", null);

        // The time to say so is over.
        if (Identity.IsAnonymous) ExpireAt(null);
        return null;
    }

    private uint AskedExpiry(in MqttConnect connect)
    {
        if (Version == MqttVersion.V5) return connect.Properties.NumberOf(MqttPropertyId.SessionExpiryInterval) ?? 0;
        return connect.CleanStart ? 0 : Forever;
    }

    private TimeSpan Capped(uint seconds)
    {
        var asked = seconds == Forever ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        return asked < Options.MaxSessionExpiry ? asked : Options.MaxSessionExpiry;
    }

    private bool TryReadWill(MqttWill? packet, out SessionWill? will, out MqttReasonCode refusal)
    {
        will = null;
        refusal = MqttReasonCode.Success;
        if (packet is not { } read) return true;

        var channel = Host.Names.Find(read.Topic.Span);
        if (channel is null || Core.Names.Name.IsSystem(channel)) refusal = MqttReasonCode.TopicNameInvalid;
        else if ((int)read.Qos > Options.MaximumQos) refusal = MqttReasonCode.QosNotSupported;
        else if (read.Retain && !Options.RetainAvailable) refusal = MqttReasonCode.RetainNotSupported;
        if (refusal != MqttReasonCode.Success) return false;

        var payload = read.Payload.ToArray();
        will = new SessionWill(
            channel!, // Else it was refused.
            new Payload(payload, PayloadKinds.Of(payload)),
            MqttHeaders.Read(read.Properties, MqttMessages.QualityOf(read.Qos)),
            read.Retain,
            TimeSpan.FromSeconds(read.Properties.NumberOf(MqttPropertyId.WillDelayInterval) ?? 0),
            Author());
        return true;
    }

    private WillAuthor Author() => new(Id, Peer, Identity.User, RateUser, Identity.Who, Identity.Token);

    private void SetKeepAlive(ushort seconds, out ushort? ours)
    {
        ours = null;
        var most = (ushort)Options.MaxKeepAlive.TotalSeconds;
        // Older clients cannot be told of another: they keep to their own.
        if (Version == MqttVersion.V5 && most > 0 && (seconds == 0 || seconds > most)) seconds = most;
        else most = 0;
        if (most > 0) ours = most;
        if (seconds == 0) return;

        _patience = TimeSpan.FromSeconds(seconds * 1.5);
        Mqtt.Deadlines.Set(this, Host.Clock.GetUtcNow() + _patience);
    }

    /// <summary>What the client has to know to keep to it: of this nothing can be left out.</summary>
    private MqttPropertyBuilder Welcome(string? assigned, uint askedExpiry, ushort? keepAlive)
    {
        var builder = new MqttPropertyBuilder();
        if (Version != MqttVersion.V5) return builder;

        var expiry = Capped(askedExpiry);
        if (expiry < TimeSpan.FromSeconds(askedExpiry)) builder.Add(MqttPropertyId.SessionExpiryInterval, (uint)expiry.TotalSeconds);
        builder.Add(MqttPropertyId.ReceiveMaximum, (uint)Options.ReceiveMaximum);
        if (Options.MaximumQos < 2) builder.Add(MqttPropertyId.MaximumQos, (uint)Options.MaximumQos);
        if (!Options.RetainAvailable) builder.Add(MqttPropertyId.RetainAvailable, 0);
        builder.Add(MqttPropertyId.MaximumPacketSize, (uint)Options.MaxPacketBytes);
        if (assigned is not null) builder.Add(MqttPropertyId.AssignedClientIdentifier, Encoding.UTF8.GetBytes(assigned));
        builder.Add(MqttPropertyId.TopicAliasMaximum, (uint)Options.TopicAliasMaximum);
        if (!Options.WildcardsAvailable) builder.Add(MqttPropertyId.WildcardSubscriptionAvailable, 0);
        if (!Options.SharedAvailable) builder.Add(MqttPropertyId.SharedSubscriptionAvailable, 0);
        if (keepAlive is { } seconds) builder.Add(MqttPropertyId.ServerKeepAlive, seconds);
        return builder;
    }

    /// <summary>Says CONNACK at once: nothing of the session comes before it.</summary>
    /// <param name="missed">How many messages the session has lost while the client was away.</param>
    private void Accept(bool isPresent, MqttPropertyBuilder welcome, long missed)
    {
        Host.Metrics.CommandDone(CommandName.Hello, 0);
        var packet = new MqttConnAck { SessionPresent = isPresent, Properties = welcome.Build() };
        if (missed > 0 && Version == MqttVersion.V5)
        {
            AddNumber(welcome, "missed"u8, missed);
            var longer = packet with { Properties = welcome.Build() };
            if (longer.SizeOf(Version) <= MaxPacketBytes) packet = longer;
        }

        packet.Write(Gathered, Version);
        FlushReplies();
    }

    /// <summary>CONNACK with a reason, where the client's version has a word for it; then nothing more is read.</summary>
    private void Refuse(MqttReasonCode reason, string sentence)
    {
        IsBroken = true;
        if (Version == MqttVersion.None || !reason.IsAllowedIn(MqttPacketType.ConnAck, MqttSender.Server)) return;
        if (Version != MqttVersion.V5 && MqttReasonCodes.ReturnCodeOf(reason) is null) return;

        var packet = new MqttConnAck { Reason = reason, Properties = Explained(sentence, null, isAlways: true) };
        if (packet.SizeOf(Version) > MaxPacketBytes) packet = new MqttConnAck { Reason = reason };
        if (packet.SizeOf(Version) <= MaxPacketBytes) packet.Write(Gathered, Version);
    }

    /// <summary>A sentence for the client's author, and what is left of a rate limit.</summary>
    /// <param name="isAlways">Whether the packet may have it although the client did not ask for it.</param>
    private MqttProperties Explained(string? sentence, Core.Users.RateState? rate, bool isAlways = false)
    {
        if (Version != MqttVersion.V5 || sentence is null || !(_wantsProblems || isAlways)) return default;

        var builder = new MqttPropertyBuilder().Add(MqttPropertyId.ReasonString, Encoding.UTF8.GetBytes(sentence));
        if (rate is { } state)
        {
            AddNumber(builder, "remaining"u8, state.Remaining);
            AddNumber(builder, "retryAfter"u8, (long)Math.Ceiling(state.RetryAfter.TotalMilliseconds));
        }

        return builder.Build();
    }

    private static void AddNumber(MqttPropertyBuilder builder, ReadOnlySpan<byte> name, long value) =>
        builder.AddUser(name, Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
}
