using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;

namespace Signalbox.Core.Tests.Users;

public sealed class UserProperties
{
    private static readonly UserLimits Limits = new() { MaxConnections = 4 };
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly string[] Ids = ["a", "b", "c", "d", "e", "f"];
    private static readonly string[] Nodes = ["north", "south", "west"];

    [Fact]
    public void Any_script_gives_what_the_model_gives_and_can_be_replayed_at_any_time() =>
        Prop.ForAll<byte[]>(Run).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(200));

    // A byte says what is done, and the bytes after it with what. The model is a list of connections and one of nodes.
    private static void Run(byte[] script)
    {
        var bytes = new Queue<byte>(script);
        int Next(int below) => bytes.TryDequeue(out var next) ? next % below : 0;
        var user = new UserDriver(Limits);
        var model = new List<UserConnection>();
        var nodes = new List<(string Name, DateTimeOffset Until)>();
        DateTimeOffset? onlineSince = null;

        while (bytes.Count > 0)
        {
            var id = Ids[Next(Ids.Length)];
            var node = Nodes[Next(Nodes.Length)];
            switch (Next(6))
            {
                case 0 or 1:
                    var connection = user.Connection(id, node, user.Now - (Second * Next(3)));
                    var fits = model.Any(open => open.Id == id) || model.Count < Limits.MaxConnections;
                    Assert.Equal(fits ? Refusal.None : Refusal.TooManyConnections, user.Open(connection));
                    if (!fits) break;
                    model.RemoveAll(open => open.Id == id);
                    model.Add(connection);
                    onlineSince = new[] { onlineSince, connection.Since }.Min();
                    break;

                case 2:
                    Assert.Equal(model.RemoveAll(open => open.Id == id) > 0, user.Close(id));
                    break;

                case 3:
                    var lease = Second * Next(5);
                    var isLonger = nodes.All(known => known.Name != node || known.Until < user.Now + lease);
                    Assert.Equal(isLonger, user.Renew(node, lease));
                    if (!isLonger) break;
                    nodes.RemoveAll(known => known.Name == node);
                    nodes.Add((node, user.Now + lease));
                    break;

                case 4:
                    var lost = nodes.RemoveAll(known => known.Name == node)
                        + model.RemoveAll(open => open.Node == node);
                    Assert.Equal(lost > 0, user.Lose(node));
                    break;

                case 5:
                    user.Pass(Second * Next(4));
                    model.RemoveAll(open => nodes.Any(known => known.Name == open.Node && known.Until <= user.Now));
                    nodes.RemoveAll(known => known.Until <= user.Now);
                    break;
            }

            if (model.Count == 0) onlineSince = null;
            Assert.Equal(model.OrderBy(open => open.Since).ThenBy(open => open.Id), user.User.Connections);
            Assert.Equal(model.Count > 0, user.User.IsOnline);
            Assert.Equal(onlineSince, user.User.OnlineSince);
            Assert.Equal(nodes.Min(known => (DateTimeOffset?)known.Until), user.User.NextWakeUp);
            Assert.Equal(model.Count + nodes.Count == 0, user.User.IsEmpty);
            UserDriver.AssertEqual(user.User, user.Replayed());
        }
    }
}
