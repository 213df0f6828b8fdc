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
Promise.all([startLanguage(), startSession()]).then(
  () => render(<App />, root),
  () => render(<Offline />, root),
);
