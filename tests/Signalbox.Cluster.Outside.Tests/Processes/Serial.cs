// Times are looked at here, and silos that wait for a processor are taken for dead.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
