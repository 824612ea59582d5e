"""The programs that read hostile input, and what the kernel keeps from them. Standard library only.

A program of ours that decodes a recording, a picture or a network runs in a process of its own, started by
:func:`ml.confinement.programs.run_confined`: an empty environment, no network, no other programs, no files but those of
its :class:`ml.confinement.policy.Policy`, and limits of memory, processor time and size of files. A flaw in a codec
then costs one process.
"""
