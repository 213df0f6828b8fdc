import { store, useStore } from "../store";

const spoken = store("");
const shown = store<readonly { id: number; text: string; bad: boolean }[]>([]);
let count = 0;

/** announce tells those who listen what others see. */
export function announce(text: string): void {
  // The same words twice are heard twice.
  spoken.set(text === spoken.get() ? text + "\u00a0" : text);
}

/** toast shows a line for a while and says it. */
export function toast(text: string, bad = false): void {
  const id = ++count;
  shown.set([...shown.get(), { id, text, bad }].slice(-3));
  announce(text);
  setTimeout(() => shown.set(shown.get().filter((x) => x.id !== id)), bad ? 8000 : 4000);
}

/** Announcer is where announcements and toasts come out; it is on the page once. */
export function Announcer() {
  const text = useStore(spoken);
  const toasts = useStore(shown);
  return (
    <>
      <div class="unseen" role="status" aria-live="polite">{text}</div>
      <div class="toasts" aria-hidden="true">
        {toasts.map((x) => (
          <div key={x.id} class={x.bad ? "toast bad" : "toast"}>{x.text}</div>
        ))}
      </div>
    </>
  );
}
