using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Hashes;
using Signalbox.Core.Payloads;

namespace Signalbox.Core.Tests.Hashes;

public sealed class HashKeyProperties
{
    // Half a microsecond, so that a version may have to grow within one microsecond.
    private static readonly TimeSpan Step = TimeSpan.FromTicks(5);

    private static readonly HashLimits Limits = new() { MaxValueBytes = 20, MaxIds = 3, DedupeWindow = 12 * Step };

    private static readonly string[] Texts =
        ["1", "-7", "0", "01", "1.5", "", "9223372036854775807", "99999999999999999999", "much more than 20 bytes"];

    private static readonly string?[] Ids = [null, null, "a", "b", "c", "d"];

    [Fact]
    public void Any_script_gives_what_the_model_gives_and_can_be_rebuilt_at_any_time() =>
        Prop.ForAll<byte[]>(Run).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(300));

    // The low three bits of a byte say what is done, and the bytes after it with what.
    private static void Run(byte[] script)
    {
        var bytes = new Queue<byte>(script);
        int Next(int below) => bytes.TryDequeue(out var next) ? next % below : 0;
        var key = new HashKeyDriver(Limits);
        var model = new HashKeyModel(Limits);

        while (bytes.Count > 0)
        {
            switch (Next(8))
            {
                case 0:
                    key.PassUnnoticed(Step * Next(8));
                    break;

                case 1 or 2:
                    var value = new Payload(HashKeyDriver.Json(Texts[Next(Texts.Length)]).Bytes, (PayloadKind)Next(3));
                    var (ttl, condition, id) = (Ttl(), Condition(), Ids[Next(Ids.Length)]);
                    Assert.Equal(
                        model.Set(value, key.Now + ttl, condition, id, key.Now),
                        key.Set(value, ttl, condition, id));
                    break;

                case 3 or 4:
                    var (by, newTtl, countId) = (Next(8) - 4, Ttl(), Ids[Next(Ids.Length)]);
                    Assert.Equal(
                        model.Increment(by, key.Now + newTtl, countId, key.Now),
                        key.Increment(by, newTtl, countId));
                    break;

                case 5:
                    var when = Condition();
                    Assert.Equal(model.Delete(when, key.Now), key.Delete(when));
                    break;

                case 6:
                    key.DoWhatIsDue();
                    model.DoWhatIsDue(key.Now);
                    break;

                case 7:
                    // The model goes on with all it knows: a new machine must not be seen to know less.
                    key.ForgetIfAllowed();
                    break;
            }

            Assert.Equal(model.Get(key.Now), key.Key.Get(key.Now));
            Assert.Equal(model.NextWakeUp, key.Key.NextWakeUp);
            Assert.Equal(model.NextWakeUp <= key.Now, key.Key.NextDue(key.Now) is not null);
            Assert.Equal(model.IsEmpty, key.Key.IsEmpty);
            HashKeyDriver.AssertEqual(key.Key, key.Replayed());
            HashKeyDriver.AssertEqual(key.Key, key.Restored());
        }

        TimeSpan? Ttl() => Next(3) == 0 ? Step * (Next(14) - 2) : null;

        SetCondition Condition() => Next(8) switch
        {
            0 => SetCondition.Absent,
            1 => SetCondition.Present,
            2 => SetCondition.AtVersion((model.Get(key.Now)?.Version ?? 0) + Next(2)),
            _ => SetCondition.Always,
        };
    }
}
