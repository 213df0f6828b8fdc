import { render } from "preact";
import { Markdown, blocks } from "../ui/markdown";
import { check } from "./check";

function html(source: string): string {
  const at = document.createElement("div");
  render(<Markdown source={source} />, at);
  return at.firstElementChild?.innerHTML ?? "";
}

check("blocks", blocks("a\nb\n\n- c\n- d\n\n1. e\n```\n- f\n\n```\n# g\nh").map((b) => [b.type, ...b.lines]), [["text", "a", "b"], ["list", "c", "d"], ["numbers", "e"], ["code", "- f", ""], ["heading", "g"], ["text", "h"]]);
check("bold, italic and code", html("**a *b* c** `d**e`"), "<p><strong>a <em>b</em> c</strong> <code>d**e</code></p>");
check("markup is text", html('<img src=x onerror="alert(1)"> <script>'), "<p>&lt;img src=x onerror=\"alert(1)\"&gt; &lt;script&gt;</p>");
check("a link to a script is text", html("[x](javascript:alert(1))"), "<p>[x](javascript:alert(1))</p>");
check("a link", html("[plan](https://example.com/a)"), '<p><a href="https://example.com/a" target="_blank" rel="noreferrer noopener">plan</a></p>');
check("a bare address without the full stop", html("See https://example.com/a."), '<p>See <a href="https://example.com/a" target="_blank" rel="noreferrer noopener">https://example.com/a</a>.</p>');
check("stars that are no marks", html("2 * 3 * 4"), "<p>2 * 3 * 4</p>");
check("code that is not closed", blocks("```\na").map((b) => [b.type, ...b.lines]), [["code", "a"]]);
