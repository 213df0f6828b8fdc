import "./shared";
import { render } from "preact";
import { App } from "./app";
import { startLanguage } from "./i18n";
import { startKeys } from "./keys";
import { startRouter } from "./router";
import { startSession } from "./session";
import { Offline } from "./screens/sign-in";

const root = document.getElementById("app");
if (!root) throw new Error("the page has no place for the app");

startRouter();
startKeys();
const words = startLanguage();
Promise.all([words, startSession()]).then(
  () => render(<App />, root),
  // Where no words came the page has a sentence of its own.
  () => words.then(() => render(<Offline />, root), () => document.getElementById("silent")?.removeAttribute("hidden")),
);
