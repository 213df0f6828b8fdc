import type { ComponentType } from "preact";
import { useEffect, useMemo } from "preact/hooks";
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
import { SignIn } from "./screens/sign-in";
import { Tasks } from "./screens/tasks";
import { Trading } from "./screens/trading";
import { Shell } from "./shell";
import { useEditorSoon } from "./screens/editor";
import { lazy } from "./ui/lazy";
import { Announcer } from "./ui/live";
import { Trouble, Waiting } from "./ui/parts";

type Screen = ComponentType<{ id: string }>;

/** The screens by address. Those that few people open, or open seldom, are loaded when somebody goes there. */
const screens: [pattern: string, screen: Screen][] = [
  ["/customers", Customers],
  ["/customers/:id", Customer],
  ["/tasks", Tasks],
  ["/deals", Deals],
  ["/deals/:id", Deal],
  ["/goods/:id", lazy(() => import("./screens/later").then((m) => m.Goods))],
  ["/files", Trading],
  ["/files/:id", lazy(() => import("./screens/interchange").then((m) => m.Interchange))],
  ["/sharing", lazy(() => import("./screens/later").then((m) => m.Sharing))],
  ["/sharing/:id", lazy(() => import("./screens/later").then((m) => m.AgreementScreen))],
  ["/partners/:id", lazy(() => import("./screens/inquiry").then((m) => m.Partner))],
  ["/access/:id", lazy(() => import("./screens/inquiry").then((m) => m.Access))],
  ["/rules", lazy(() => import("./screens/inquiry").then((m) => m.RulesScreen))],
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
  useEditorSoon();
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
