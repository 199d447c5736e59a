namespace Signalbox.Transport;

/// <summary>Names of connections: short, never twice in a process, and another's first name in each.</summary>
internal static class ConnectionIds
{
    private static long _last = Random.Shared.NextInt64();

    public static string Next() => Base32.Write(Interlocked.Increment(ref _last));

    private static class Base32
    {
        private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
        private const int Length = 13;

        public static string Write(long number) =>
            string.Create(Length, number, static (text, left) =>
            {
                for (var i = text.Length - 1; i >= 0; i--, left >>>= 5) text[i] = Digits[(int)left & 31];
            });
    }
}
