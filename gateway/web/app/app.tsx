import type { ComponentType } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Provider, useQuery } from "@urql/preact";
import { connect } from "./client";
import { DirectoryContext, useFirms } from "./firms";
import { useLocale } from "./i18n";
import { startNews } from "./live";
import { Viewer, type ViewerData } from "./operations/shell.gen";
import { match, navigate, usePlace } from "./router";
import { session } from "./session";
import { useStore } from "./store";
import { Customer } from "./screens/customer";
import { Customers } from "./screens/customers";
import { Deal } from "./screens/deal";
import { Deals } from "./screens/deals";
import { Lost } from "./screens/lost";
import { Sharing } from "./screens/sharing";
import { SignIn } from "./screens/sign-in";
import { Trading } from "./screens/trading";
import { Shell } from "./shell";
import { Announcer } from "./ui/live";
import { Trouble, Waiting } from "./ui/parts";

type Screen = ComponentType<{ id: string }>;

/** The workbench is loaded when somebody first goes there; few do, and all else together is small. */
const workbench = () => import("./screens/interchange").then((m) => m.Interchange);

/** The screens by address. */
const screens: [pattern: string, screen: Screen][] = [
  ["/customers", Customers],
  ["/customers/:id", Customer],
  ["/deals", Deals],
  ["/deals/:id", Deal],
  ["/files", Trading],
  ["/files/:id", ({ id }) => <Loaded load={workbench} id={id} />],
  ["/sharing", Sharing],
];

/** App is the whole: the sign-in, or the shell with a screen in it. */
export function App() {
  useLocale();
  const who = useStore(session);
  return (
    <>
      {who ? <SignedIn key={who.user} /> : <SignIn />}
      <Announcer />
    </>
  );
}

function SignedIn() {
  const connection = useMemo(connect, []);
  useEffect(() => startNews(connection), [connection]);
  return (
    <Provider value={connection.client}>
      <Known />
    </Provider>
  );
}

function Known() {
  const [{ data, error }, again] = useQuery({ query: Viewer });
  if (data?.viewer) return <Inside viewer={data.viewer} />;
  return error || data ? <Trouble retry={() => again({ requestPolicy: "network-only" })} /> : <Waiting />;
}

function Inside({ viewer }: { viewer: NonNullable<ViewerData["viewer"]> }) {
  const directory = useFirms(viewer);
  const { path } = usePlace();
  useEffect(() => {
    if (path === "/") navigate("/customers", true);
  }, [path]);
  return (
    <DirectoryContext.Provider value={directory}>
      <Shell viewer={viewer}>
        <Route path={path} />
      </Shell>
    </DirectoryContext.Provider>
  );
}

function Route({ path }: { path: string }) {
  for (const [pattern, Screen] of screens) {
    const named = match(pattern, path);
    if (named) return <Screen key={pattern + (named["id"] ?? "")} id={named["id"] ?? ""} />;
  }
  return path === "/" ? <Waiting /> : <Lost />;
}

const loaded = new Map<() => Promise<Screen>, Screen>();

function Loaded({ load, id }: { load: () => Promise<Screen>; id: string }) {
  const [failed, fail] = useState(false);
  const [, redraw] = useState(0);
  const Known = loaded.get(load);
  useEffect(() => {
    if (Known) return;
    load().then(
      (screen) => {
        loaded.set(load, screen);
        redraw((n) => n + 1);
      },
      () => fail(true),
    );
  }, [load]);
  if (Known) return <Known id={id} />;
  // After an update the server has other parts than the ones that this page asks for.
  return failed ? <Trouble retry={() => location.reload()} /> : <Waiting />;
}
