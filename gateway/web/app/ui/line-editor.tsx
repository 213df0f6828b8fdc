import type { Ref } from "preact";

interface Props {
  id: string;
  value: string;
  onChange: (text: string) => void;
  /** What stands at a line: an error or a warning. */
  marks: ReadonlyMap<number, "error" | "warning">;
  readOnly?: boolean;
  area: Ref<HTMLTextAreaElement>;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

/** LineEditor is a text whose lines are numbered. It is as high as its text; what is too wide is scrolled to. */
export function LineEditor({ id, value, onChange, marks, readOnly, area, ...about }: Props) {
  const lines = value.split("\n").length;
  return (
    <div class="line-editor">
      <ol aria-hidden="true">
        {Array.from({ length: Math.max(lines, 6) }, (_, i) => (
          <li key={i} class={marks.get(i + 1) ?? ""}>
            {i + 1}
          </li>
        ))}
      </ol>
      <textarea {...about} id={id} ref={area} rows={Math.max(lines, 6)} wrap="off" spellcheck={false} autocomplete="off" readOnly={readOnly} value={value} onInput={(e) => onChange(e.currentTarget.value)} />
    </div>
  );
}
