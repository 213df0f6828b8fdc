// Package web is the web app and the handler that serves it. The app is
// written in TypeScript with Preact; it reads and writes by the GraphQL
// interface alone, as any partner's program does, so that policy is applied
// in one place.
//
// Where what lies:
//
//	app/               the sources: screens/, ui/ (parts that screens share), style/, locales/
//	app/operations/    every GraphQL document of the app; the .gen.ts files are made from them
//	npm/               the packages that run in the browser, as published, each with its licence
//	dist/              the build, committed and embedded
//	internal/bundle    the build: esbuild by its Go API, no Node
//
// A change of the sources is followed by "go generate ./gateway/web"; a test
// builds again and fails when dist is not what the sources say. Another test
// holds the first load under its budget of bytes.
//
// How the app is made: main.tsx asks who is signed in; app.tsx picks the
// screen for the address; client.ts holds one normalised cache for all
// screens; the subscription "changes" has the questions on screen asked again
// whose answers may be others now (refresh.ts says which). A change by another
// firm to what is on screen shows as a badge. What people type is kept in the
// browser at each key and dropped when the server has it (drafts.ts).
//
// What is fetched when: the first load has the screens that people work on all
// day, the parts that all screens share (shared.ts) and the texts of one
// language that these need (locales/). Screens for writing (screens/later.ts),
// those that explain who sees what and why (screens/inquiry.ts) and their texts
// (locales/later/) come when somebody first goes there. Tests hold each to its
// budget of bytes, and the first screens to the texts that come with them.
//
// What went wrong is said in the reader's language by the code that the server
// gives it, with the server's own words below (wrong.ts).
//
// A new language is two files: locales/pt.json and locales/later/pt.json beside
// en.json, with "pt" added to the list in i18n.ts; a test compares the keys and
// the plural forms.
//
// npm is for the type-check alone: "npm ci && npm run check" in this folder.
package web

//go:generate go run ./internal/generate
