import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { moreWords } from "../i18n";
import { Trouble, Waiting } from "./parts";

/** A component that is fetched when it is first needed; fetch asks for it before. */
export type Lazy<P> = ComponentType<P> & { fetch: () => void };

/** lazy makes a component of one that lies in a file of its own. A quiet one, such as a dialog, shows nothing until it is there. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>, quiet = false): Lazy<P> {
  let known: ComponentType<P> | undefined;
  const get = async () => (known ??= (await Promise.all([load(), moreWords()]))[0]);
  function Later(props: P) {
    const [failed, fail] = useState(false);
    const [, redraw] = useState(0);
    const Known = known;
    useEffect(() => {
      if (!Known) get().then(() => redraw((n) => n + 1), () => fail(true));
    }, []);
    if (Known) return <Known {...props} />;
    // After an update the server has other parts than the ones that this page asks for.
    return failed ? <Trouble retry={() => location.reload()} /> : quiet ? null : <Waiting />;
  }
  return Object.assign(Later, { fetch: () => void get().catch(() => undefined) });
}
