package postgres

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// defaultMaxConnections leaves room for two nodes and a look with psql.
const defaultMaxConnections = 30

// arguments are the command line of the server. Settings go there, not into a file: they follow the program's version and
// an edited postgresql.conf keeps its say in everything else.
func arguments(o Options, socket string) []string {
	settings := map[string]string{
		"listen_addresses":        "",
		"port":                    socketPort,
		"unix_socket_directories": `"` + strings.ReplaceAll(socket, `"`, `""`) + `"`,
		"cluster_name":            "fondaco",
		"max_connections":         strconv.Itoa(o.MaxConnections),
		"shared_buffers":          "16MB",
		"jit":                     "off",
		// Nothing replicates from here, so the log need not carry what a replica wants.
		"wal_level":                       "minimal",
		"max_wal_senders":                 "0",
		"max_logical_replication_workers": "0",
		"log_destination":                 "stderr",
		"logging_collector":               "off",
		"log_line_prefix":                 "%m [%p] ",
	}
	if o.Unsafe {
		for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
			settings[name] = "off"
		}
	}
	maps.Copy(settings, o.Settings)
	args := []string{"-D", dataDir(o.Dir)}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args
}
