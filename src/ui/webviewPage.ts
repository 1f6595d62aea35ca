/**
 * The frame of every page that Dronebot shows in a webview: strict CSP with a nonce, one script and one style sheet of dist,
 * an empty root that the script fills. Pages differ in their bundle's name alone, so that the CSP exists once.
 */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

export interface PageParts {
  /** Base name of the script and the style sheet in dist; also the id of the root element. */
  readonly name: string;
  readonly title: string;
}

/** Gives the panel its options, icon and page. The script says `ready` once it listens. */
export function fillPanel(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, parts: PageParts): void {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
  panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'activity.svg');
  const uri = (file: string) => panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
  panel.webview.html = pageHtml(parts, {
    source: panel.webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
    script: uri(`${parts.name}.js`),
    style: uri(`${parts.name}.css`),
  });
}

export interface PageSources {
  /** The webview's own origin, as the CSP names it. */
  readonly source: string;
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
}

export function pageHtml({ name, title }: PageParts, { source, nonce, script, style }: PageSources): string {
  // The toolkit adds style elements of its own: it finds the nonce for them in the meta tag.
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source} 'nonce-${nonce}'; script-src 'nonce-${nonce}'; font-src ${source}">
<meta property="csp-nonce" content="${nonce}">
<link rel="stylesheet" nonce="${nonce}" href="${style}">
<title>${title}</title>
</head>
<body>
<div id="${name}"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
