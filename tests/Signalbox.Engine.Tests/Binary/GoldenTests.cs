using Signalbox.Engine.Binary;

namespace Signalbox.Engine.Tests.Binary;

/// <summary>What was written once is read for ever, and nobody changes what is written without meaning to.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Types => [.. BinaryTypes.All.Select(BinaryTypes.NameOf)];

    public static TheoryData<string, int> Files =>
        [.. GoldenFile.All.Select(file => new TheoryDataRow<string, int>(file.Type, file.Number))];

    [Theory]
    [MemberData(nameof(Types))]
    public void The_bytes_are_those_of_the_newest_golden_file(string name)
    {
        var newest = GoldenFile.All.LastOrDefault(file => file.Type == name);
        var value = new AnyValue(seed: 1).Make(BinaryTypes.All.Single(type => BinaryTypes.NameOf(type) == name));

        var bytes = BinaryForm.ToArray(value);

        // A type that gained a field makes another sample, so the file that was the newest is only read from then on.
        Assert.True(
            newest is not null && bytes.AsSpan().SequenceEqual(newest.Bytes),
            $"""
            {name} is not written as it was. Logs and other silos have the old form: it must still be read, so keep its
            file. If the change is meant, add Golden/{name}.{(newest?.Number ?? 0) + 1}.golden:
            {GoldenFile.Write(bytes, Meaning.Of(value))}
            """);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_golden_file_still_means_what_it_meant(string name, int number)
    {
        var file = GoldenFile.All.Single(file => file.Type == name && file.Number == number);

        var value = BinaryForm.Read(file.Bytes);

        Assert.True(Meaning.IsIn(file.Json, Meaning.Of(value)), $"It was {file.Json} and now is {Meaning.Of(value)}.");
    }

    [Fact]
    public void Tags_are_never_given_twice()
    {
        var tags = GoldenFile.All.GroupBy(file => file.Type).Select(files => files.First().Bytes[1]).ToList();

        Assert.Equal(tags.Count, tags.Distinct().Count());
        Assert.Equal(Enum.GetValues<BinaryTag>().Select(tag => (byte)tag), tags.Order());
    }
}
