using FsCheck;
using FsCheck.Fluent;

namespace Signalbox.Engine.Tests.Durability;

public sealed class RestoreProperties
{
    // Long scripts: a queue has to fill before a checkpoint takes several steps to tell it.
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(600);

    [Fact]
    public void Engines_that_are_made_of_the_log_answer_as_the_one_that_wrote_it() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            using var script = new EngineScript();
            script.Play(bytes);
        }).Check(Thorough);
}
