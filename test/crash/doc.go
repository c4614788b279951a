// Package crash ends the real program in the worst moments and then reads its books. It builds cmd/bothways once, runs `serve`
// as its own child on loopback, sends mail by LMTP, takes what the desk sends with an SMTP server of its own, and holds that
//
//   - a mail that was acknowledged is exactly one ticket or message, with the bytes that were sent (faults I1, I2);
//   - what goes out is lost never, and repeated only when it was in flight when the program died, under the same Message-ID (I3);
//   - the ledger is whole: `bothways verify` agrees (I4);
//   - one job has one owner, also when a node slept longer than its lease (I6).
//
// The runs are small by default. The whole ones:
//
//	go test ./test/crash -run TestKilled -crash.mails=1000 -crash.kills=20 -crash.wait -timeout 30m
//	go test ./test/crash -run TestNthSync -crash.syncs=60 -timeout 30m
//	BOTHWAYS_POWER_CUT_FS=… go test ./test/crash -run TestPowerCut -crash.mails=600 -crash.kills=12
//
// A job that died with its process falls due again when its lease has run out, minutes later. The small runs do not wait for
// that: while no process runs, they set the times of the rows back as if it had passed. -crash.wait waits.
package crash
