package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // the days of agreements end in the zone of a firm, also where the system has no zones

	"github.com/alecthomas/kong"
)

// app is the command line: a field for each command.
type app struct {
	Config string         `help:"File with settings, one NAME=value a line, under the names of the environment." env:"FONDACO_CONFIG" placeholder:"FILE" type:"path"`
	Demo   demoCommand    `cmd:"" help:"Show two firms at work on shared records, on this machine, with nothing else running."`
	Serve  serveCommand   `cmd:"" help:"Run a node."`
	Mig    migrateCommand `cmd:"" name:"migrate" help:"Bring the database up to this version."`
	User   userCommand    `cmd:"" help:"Add people and let them sign in."`
	Token  tokenCommand   `cmd:"" help:"Make and revoke API tokens."`
	Node   nodeCommand    `cmd:"" help:"Take firms in, and link this node with another firm's."`
	Policy policyCommand  `cmd:"" help:"Test, lint and compare the rules that say who may do what."`
	Audit  auditCommand   `cmd:"" help:"Verify the sealed history, and see what other firms were given."`
	EDI    ediCommand     `cmd:"" name:"edi" help:"Inspect, validate, convert and acknowledge EDI files."`
	Schema schemaCommand  `cmd:"" help:"Print the GraphQL schema."`
	Doctor doctorCommand  `cmd:"" help:"Look for what would keep a node from running, and say what to do."`
	Conf   configCommand  `cmd:"" name:"config" help:"Tell which settings are in force, and where each comes from."`
	Help   helpCommand    `cmd:"" help:"Read the manual."`
	Bench  benchCommand   `cmd:"" help:"Measure start, memory and latency of the demo on this machine."`
	Ver    versionCommand `cmd:"" name:"version" help:"Tell the version."`
}

const garbagePercent = 50

// console is what a command writes to and reads from.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// terminal tells whether a person is at the other end of a stream: it is a
// character device, and not the one that swallows everything.
func terminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

func main() {
	// A node idles most of the time: memory that is free is worth more than time spent collecting it.
	debug.SetGCPercent(garbagePercent)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run carries out one command line and gives the exit code.
func run(ctx context.Context, args []string, c console) int {
	if len(args) == 1 && args[0] == "--version" {
		args = []string{"version"} // as a flag it would take the name from every command
	}
	settings, err := loadSettings(args)
	if err != nil {
		return tell(c, err)
	}
	var a app
	exited := -1
	parser, err := kong.New(&a,
		kong.Name("fondaco"),
		kong.Description("A collaborative partner CRM with EDI and PRM exchange."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Writers(c.out, c.err),
		kong.Exit(func(code int) { exited = code; panic(exitNow{}) }),
		kong.Vars{"version": version(), "data": defaultData()},
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(c, settings),
	)
	if err != nil {
		return tell(c, err)
	}
	return parseAndRun(parser, args, c, &exited)
}

// exitNow unwinds the parser when it has answered by itself, as for --help.
type exitNow struct{}

func parseAndRun(parser *kong.Kong, args []string, c console, exited *int) (code int) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(exitNow); !ok {
				panic(r)
			}
			code = *exited
		}
	}()
	ctx, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(c.err, "fondaco: %v\nTry: fondaco --help\n", err)
		return exitUsage
	}
	if err := ctx.Run(parser); err != nil {
		return tell(c, err)
	}
	return exitDone
}
