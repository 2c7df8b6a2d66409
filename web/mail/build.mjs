// Compiles layout.mjml into the template of every mail's HTML.
//
// The program fills it in with html/template, which knows where in a document each
// value stands, and drops comments. The comments that MJML writes are read by Outlook,
// so each of them becomes an action that writes it: {{comment `<!--…-->`}}.
import { readFile, writeFile } from "node:fs/promises";
import mjml2html from "mjml";

const from = new URL("layout.mjml", import.meta.url);
const to = new URL("../../internal/mail/templates/layout.html", import.meta.url);

const { html, errors } = await mjml2html(await readFile(from, "utf8"), {
  validationLevel: "strict",
  fonts: {},
  beautify: false,
  minify: false,
  keepComments: false,
});
if (errors.length > 0) {
  throw new Error(errors.map((e) => e.formattedMessage).join("\n"));
}
const compiled = html
  .replace(/<!--[\s\S]*?-->/g, (comment) => (/\[(if|endif)|<!\[endif\]|<!(--)?>/.test(comment) ? "{{comment `" + comment.replace(/\s+/g, " ") + "`}}" : ""))
  .replace(/\s*\n\s*(?=[\w-]+=")|\s*\n\s*(?=>)/g, (gap, at, all) => (all[at + gap.length] === ">" ? "" : " "))
  .replace(/[ \t]+$/gm, "")
  .replace(/^[ \t]+/gm, "")
  .replace(/\n{2,}/g, "\n")
  .trim();
await writeFile(to, compiled + "\n");
