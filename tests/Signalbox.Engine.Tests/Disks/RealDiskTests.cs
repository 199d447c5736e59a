using System.Text;
using Signalbox.Engine.Embedded.Disks;

namespace Signalbox.Engine.Tests.Disks;

public sealed class RealDiskTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("signalbox-disk-").FullName;

    private RealDisk Disk => new(_path);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void A_file_that_was_moved_into_a_folder_is_there_and_not_listed()
    {
        using (var file = Disk.Create("segment", 1)) file.Write([7], 0);

        Disk.Move("segment", "aside/old");

        Assert.Empty(Disk.Files());
        Assert.Equal([7], File.ReadAllBytes(Path.Combine(_path, "aside", "old")));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_made_with_all_above_it()
    {
        var disk = new RealDisk(Path.Combine(_path, "above", "data"));

        Assert.True(Directory.Exists(disk.Path));
        Assert.Empty(disk.Files());
    }

    [Fact]
    public void What_was_written_is_read_where_it_was_written_and_the_rest_is_zeros()
    {
        using var file = Disk.Create("segment", 10_000);
        file.Write("hello"u8, 4_000);
        file.Sync();

        using var reading = Disk.Open("segment");
        var bytes = new byte[20_000];
        var count = reading.Read(bytes, 0);

        Assert.Equal(10_000, reading.Length);
        Assert.Equal(10_000, count);
        Assert.Equal("hello"u8, bytes.AsSpan(4_000, 5));
        Assert.Equal(5, bytes.Count(value => value != 0));
    }

    [Fact]
    public void A_file_is_cut_off_and_grows_again()
    {
        using var file = Disk.Create("segment", 0);
        file.Write("hello world"u8, 0);

        file.Truncate(5);
        Assert.Equal(5, file.Length);

        file.Write("!"u8, 6);
        Assert.Equal("hello\0!", Content("segment"));
    }

    [Fact]
    public void A_file_is_not_made_twice_and_the_first_stays_as_it_is()
    {
        using (var file = Disk.Create("segment", 3)) file.Write("one"u8, 0);

        var failure = Assert.Throws<IOException>(() => Disk.Create("segment", 3));

        Assert.Contains("segment", failure.Message, StringComparison.Ordinal);
        Assert.Equal("one", Content("segment"));
    }

    [Fact]
    public void Files_are_listed_in_order_without_those_that_are_nobodys()
    {
        var disk = Disk;
        using var holding = disk.Lock();
        foreach (var name in (string[])["b", "a", "C"]) disk.Create(name, 1).Dispose();
        File.WriteAllText(Path.Combine(_path, "checkpoint.new"), "never completed");

        disk.Delete("b");
        disk.SyncDirectory();

        Assert.Equal(["C", "a"], disk.Files());
    }

    [Fact]
    public void A_replaced_file_has_the_new_content_even_where_an_older_try_left_something()
    {
        File.WriteAllText(Path.Combine(_path, "checkpoint.new"), "never completed, and longer");
        Disk.Replace("checkpoint", "old"u8);
        using var reading = Disk.Open("checkpoint");

        Disk.Replace("checkpoint", "newer"u8);

        Assert.Equal("newer", Content("checkpoint"));
        // Whoever reads the old one goes on reading the old one: the content was not changed in its place.
        Assert.Equal(3, reading.Length);
        Assert.Equal(["checkpoint"], Disk.Files());
    }

    [Fact]
    public void A_replacement_that_fails_leaves_the_old_content()
    {
        Disk.Replace("checkpoint", "old"u8);
        // A directory in the way of the new file stops the replacement before its end.
        Directory.CreateDirectory(Path.Combine(_path, "checkpoint.new"));

        var failure = Assert.ThrowsAny<IOException>(() => Disk.Replace("checkpoint", "new"u8));

        Assert.Contains(Path.Combine(_path, "checkpoint"), failure.Message, StringComparison.Ordinal);
        Assert.Equal("old", Content("checkpoint"));
    }

    [Fact]
    public void One_holder_has_the_directory_until_it_lets_go()
    {
        var holding = Disk.Lock();
        var failure = Assert.Throws<DirectoryInUseException>(() => Disk.Lock());
        Assert.Contains(_path, failure.Message, StringComparison.Ordinal);

        holding.Dispose();

        Disk.Lock().Dispose();
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var failure = Assert.ThrowsAny<IOException>(() => Disk.Open("segment"));

        Assert.Contains(Path.Combine(_path, "segment"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_space_than_there_can_be_is_refused_and_nothing_stays_behind()
    {
        // No file system of today has a file of four exabytes: it is refused, for its size or for want of space.
        var failure = Assert.ThrowsAny<IOException>(() => Disk.Create("segment", 1L << 62));

        Assert.Contains("segment", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_path));
    }

    [Fact]
    public void Where_nothing_may_be_written_the_failure_names_the_path()
    {
        var isFree = OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess;
        Assert.SkipWhen(isFree, "Everything is permitted here.");
        if (OperatingSystem.IsWindows()) return;

        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var failures = (IOException[])
            [
                Assert.ThrowsAny<IOException>(() => Disk.Create("segment", 1)),
                Assert.ThrowsAny<IOException>(() => Disk.Replace("segment", "new"u8)),
                Assert.ThrowsAny<IOException>(() => Disk.Lock()),
                Assert.ThrowsAny<IOException>(() => new RealDisk(Path.Combine(_path, "below"))),
            ];

            Assert.All(failures, failure => Assert.Contains(_path, failure.Message, StringComparison.Ordinal));
            Assert.DoesNotContain(failures, failure => failure is DiskFullException or DirectoryInUseException);
        }
        finally
        {
            File.SetUnixFileMode(
                _path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string Content(string name)
    {
        using var file = Disk.Open(name);
        var bytes = new byte[file.Length];
        file.Read(bytes, 0);
        return Encoding.UTF8.GetString(bytes);
    }
}
