import type { ComponentChildren } from "preact";

/** A block of text: lines of a paragraph, items of a list, or lines of code. */
export interface Block {
  type: "text" | "list" | "numbers" | "code" | "heading" | "quote";
  lines: string[];
}

/** blocks cuts Markdown into its blocks. What it does not know stays a paragraph, so that nothing is lost. */
export function blocks(source: string): Block[] {
  const out: Block[] = [];
  let open: Block | null = null;
  const add = (type: Block["type"], line: string) => {
    if (open?.type !== type) out.push((open = { type, lines: [] }));
    open.lines.push(line);
  };
  for (const line of source.replaceAll("\r\n", "\n").split("\n")) {
    if (line.startsWith("```")) {
      const inside: boolean = (open as Block | null)?.type === "code";
      open = null;
      if (!inside) out.push((open = { type: "code", lines: [] }));
    } else if ((open as Block | null)?.type === "code") add("code", line);
    else if (line.trim() === "") open = null;
    else {
      const [, bullet, number, hashes, quote, rest] = /^\s{0,3}(?:([-*+])\s+|(\d{1,3}[.)])\s+|(#{1,6})\s+|(>)\s?)(.*)$/.exec(line) ?? [];
      const type = bullet ? "list" : number ? "numbers" : hashes ? "heading" : quote ? "quote" : "text";
      add(type, type === "text" ? line : (rest ?? ""));
      if (type === "heading") open = null;
    }
  }
  return out;
}

const inlines = /`([^`]+)`|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+|mailto:[^\s)]+)\)|(https?:\/\/[^\s<>()]*[^\s<>().,;:!?'"])/g;

/** inline shows bold, italic, code and links within a line. A link leads only to the web or to mail. */
function inline(text: string): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let last = 0;
  for (const m of text.matchAll(inlines)) {
    out.push(text.slice(last, m.index));
    const [whole, code, bold, italic, label, href, bare] = m;
    if (code) out.push(<code>{code}</code>);
    else if (bold) out.push(<strong>{inline(bold)}</strong>);
    else if (italic) out.push(<em>{inline(italic)}</em>);
    else {
      out.push(
        <a href={href ?? bare} target="_blank" rel="noreferrer noopener">
          {label ?? bare}
        </a>,
      );
    }
    last = m.index + whole.length;
  }
  out.push(text.slice(last));
  return out;
}

/** Markdown shows what people write. It makes elements, never HTML, so that no text can be more than text. */
export function Markdown({ source }: { source: string }) {
  return (
    <div class="markdown">
      {blocks(source).map((b, i) => {
        const items = () => b.lines.map((line, j) => <li key={j}>{inline(line)}</li>);
        switch (b.type) {
          case "list":
            return <ul key={i}>{items()}</ul>;
          case "numbers":
            return <ol key={i}>{items()}</ol>;
          case "code":
            return <pre key={i}>{b.lines.join("\n")}</pre>;
          case "quote":
            return <blockquote key={i}>{inline(b.lines.join("\n"))}</blockquote>;
          case "heading":
            return (
              <p key={i}>
                <strong>{inline(b.lines.join(" "))}</strong>
              </p>
            );
          case "text":
            return <p key={i}>{inline(b.lines.join("\n"))}</p>;
        }
      })}
    </div>
  );
}
