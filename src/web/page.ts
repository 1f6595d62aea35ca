/**
 * The page as HTTP serves it: the same bundle as in VS Code's panel, theme variables of its own, and a policy that lets it load
 * from and speak to this server alone.
 */

export function page(nonce: string): { csp: string; html: string } {
  const csp = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // The toolkit adds style elements of its own: it finds the nonce for them in the meta tag.
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta property="csp-nonce" content="${nonce}">
<link rel="icon" type="image/svg+xml" href="icon.svg">
<link rel="stylesheet" nonce="${nonce}" href="themes.css">
<link rel="stylesheet" nonce="${nonce}" href="dashboard.css">
<title>Dronebot</title>
</head>
<body>
<div id="dashboard"></div>
<script nonce="${nonce}" src="dashboard.js"></script>
</body>
</html>
`;
  return { csp, html };
}
