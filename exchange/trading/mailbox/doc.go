// Package mailbox is how a trading partner without any software of its own
// hands over files: a folder that both sides can reach, over a network drive,
// SFTP or a share.
//
//	in/    the partner puts files here; one that was taken is renamed to <name>.done
//	out/   acknowledgments appear here; the partner takes them away
//	err/   <name>.err.txt tells in words what is wrong with a file
//	.work/ files that were claimed and are being taken
//
// A [Folder] looks for files that have rested: a name counts once its size and
// its time have not changed for a while, since a folder does not tell when a
// writer is done. Such a file is claimed by renaming it, so that it cannot
// change its name or be claimed twice, and its name in .work is the key of the
// delivery: after a crash the same file has the same key and is not taken
// twice. Where a file stands in the folders is a courtesy to the partner; what
// became of it, the ledger of package trading knows.
//
// Names are flat and never become paths: all access goes through an os.Root,
// links are not followed.
package mailbox
