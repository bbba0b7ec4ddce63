// PocketBase with the hooks and migrations of the huts, which are JavaScript and stand in folders of their own: where, is said
// by HOOKS and MIGRATIONS.
package main

import (
	"log"
	"os"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/plugins/jsvm"
)

func main() {
	app := pocketbase.New()
	jsvm.MustRegister(app, jsvm.Config{
		HooksDir:      os.Getenv("HOOKS"),
		HooksPoolSize: 4,
		MigrationsDir: os.Getenv("MIGRATIONS"),
	})
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}
