using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Queues;
using static Signalbox.Core.Tests.Queues.QueueDriver;

namespace Signalbox.Core.Tests.Queues;

public sealed class WorkQueueProperties
{
    private static readonly QueueLimits Limits = new()
    {
        MaxItems = 12,
        MaxAttempts = 2,
        MaxIds = 3,
        DedupeWindow = 6 * Second,
    };

    // Long scripts: a queue has to fill before its limits are met.
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(400);

    [Fact]
    public void Any_script_gives_what_the_model_gives() =>
        Prop.ForAll<byte[]>(script => new Run().Play(script)).Check(Thorough);

    [Fact]
    public void A_queue_that_is_made_anew_from_its_snapshot_at_any_moment_goes_on_as_the_model_does() =>
        Prop.ForAll<byte[]>(script => new Run(queue => queue.RestartFromSnapshot()).Play(script)).Check(Thorough);

    [Fact]
    public void A_queue_that_is_made_anew_from_its_log_at_any_moment_goes_on_as_the_model_does() =>
        Prop.ForAll<byte[]>(script => new Run(queue => queue.RestartFromLog()).Play(script)).Check(Thorough);

    [Fact]
    public void Replay_of_the_log_and_replay_of_a_snapshot_give_an_equal_queue() =>
        Prop.ForAll<byte[]>(script =>
        {
            var queue = new Run().Play(script);

            var expected = StateOf(queue.Queue);
            Assert.Equal(expected, StateOf(queue.Replay(queue.Log)));
            Assert.Equal(expected, StateOf(queue.Replay(queue.Queue.Snapshot())));
        }).Check(Thorough);

    // A snapshot tells items in no particular order, and all else in its own.
    private static List<QueueFact> StateOf(WorkQueue queue) =>
        [.. queue.Snapshot().OrderBy(fact => fact is ItemKept kept ? kept.Item.Id : 0)];

    /// <summary>
    /// Plays a script to the queue and to the model, side by side. Two bytes are one step: the first says what is done,
    /// the second how.
    /// </summary>
    private sealed class Run(Action<QueueDriver>? restart = null)
    {
        private readonly QueueDriver _queue = new(Limits);
        private readonly QueueModel _model = new(Limits);
        private readonly List<Receipt> _receipts = [];

        public QueueDriver Play(byte[] script)
        {
            for (var i = 0; i + 1 < script.Length; i += 2)
            {
                Step(script[i], script[i + 1]);
                Check();
            }

            return _queue;
        }

        private void Step(byte what, byte how)
        {
            switch (what % 16)
            {
                case < 5:
                    Add(priority: how % 3, delay: how / 3 % 4, ttl: how / 12 % 4, id: how / 48);
                    break;

                case < 9:
                    Take(how % 5 == 0 ? QueuePart.Dead : QueuePart.Live, (1 + how / 5 % 4) * Second, how >= 200);
                    break;

                case 9 when _receipts.Count > 0:
                    var done = _receipts[how % _receipts.Count];
                    Assert.Equal(_model.Acknowledge(done), _queue.Acknowledge(done));
                    break;

                case 10 or 11 when _receipts.Count > 0:
                    var back = _receipts[how % _receipts.Count];
                    var delay = how / 64 * Second;
                    var countAttempt = what < 128;
                    Assert.Equal(
                        _model.Return(back, delay, countAttempt, _queue.Now), _queue.Return(back, delay, countAttempt));
                    break;

                case 12 when _receipts.Count > 0:
                    var longer = _receipts[how % _receipts.Count];
                    var lease = (1 + how / 64) * Second;
                    Assert.Equal(_model.Extend(longer, lease, _queue.Now), _queue.Extend(longer, lease));
                    break;

                case 13:
                    _queue.PassUnnoticed(how % 4 * Second);
                    break;

                case 14:
                    _queue.Pass(how % 4 * Second);
                    _model.WakeUp(_queue.Now);
                    break;

                case 15 when how < 40:
                    var part = how < 20 ? QueuePart.Live : QueuePart.Dead;
                    Assert.Equal(_model.Clear(part), _queue.Clear(part));
                    break;

                case 15:
                    restart?.Invoke(_queue);
                    break;
            }
        }

        private void Add(int priority, int delay, int ttl, int id)
        {
            // The engine tells the model when it looks at the clock: an id that is over and unnoticed counts as new.
            _queue.WakeUp();
            _model.WakeUp(_queue.Now);
            TimeSpan? time = ttl == 0 ? null : 2 * ttl * Second;
            var dedupeId = id == 0 ? null : $"id {id}";

            var expected = _model.Add(priority, delay * Second, time, dedupeId, _queue.Now);
            Assert.Equal(expected, _queue.TryAdd("text", priority, delay * Second, time, dedupeId));
        }

        private void Take(QueuePart part, TimeSpan lease, bool handOver)
        {
            _model.WakeUp(_queue.Now);
            var expected = _model.Take(part, lease, handOver, _queue.Now);

            var taken = _queue.TryTake(part, lease, handOver);

            Assert.Equal(expected, taken is null ? null : (taken.Receipt, taken.Attempts));
            if (taken is not null) _receipts.Add(taken.Receipt);
        }

        private void Check()
        {
            var queue = _queue.Queue;
            Assert.Equal(_model.Counts, queue.Counts);
            Assert.Equal(_model.IsEmpty, queue.IsEmpty);
            Assert.Equal(_model.NextWakeUp, queue.NextWakeUp);
            Assert.Equal(_model.Ready(QueuePart.Live), queue.Peek(QueuePart.Live, 99).Select(item => item.Id));
            Assert.Equal(_model.Ready(QueuePart.Dead), queue.Peek(QueuePart.Dead, 99).Select(item => item.Id));
            Assert.Equal(queue.Counts.Live, queue.Count(QueuePart.Live));
            Assert.Equal(queue.Counts.Dead, queue.Count(QueuePart.Dead));
            Assert.Equal(queue.Counts.Ready > 0, queue.HasReady(QueuePart.Live));
            Assert.InRange(queue.Counts.Live + queue.Counts.Dead, 0, Limits.MaxItems);

            var held = _receipts.Where(_queue.Holds).Select(receipt => receipt.Item).ToList();
            Assert.Equal(held.Distinct(), held);
        }
    }
}
