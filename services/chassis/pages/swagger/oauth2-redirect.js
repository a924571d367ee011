// Where the issuer sends the browser back to (RFC 6749, section 4.1.2): hands the code to the page
// that opened this window, as the redirect page of Swagger UI does.
"use strict";

function finish(oauth2, answer) {
  const fail = (message) =>
    oauth2.errCb({ authId: oauth2.auth.name, source: "auth", level: "error", message: message });
  if (answer.get("state") !== oauth2.state) {
    fail("The answer of the issuer belongs to another request (its state differs): try again.");
  } else if (!answer.get("code")) {
    const reason = answer.get("error_description") ?? answer.get("error") ?? "no code came back";
    fail(`The issuer gave no token: ${reason}`);
  } else {
    delete oauth2.state;
    oauth2.auth.code = answer.get("code");
    oauth2.callback({ auth: oauth2.auth, redirectUrl: oauth2.redirectUrl });
  }
}

if (window.opener?.swaggerUIRedirectOauth2) {
  finish(window.opener.swaggerUIRedirectOauth2, new URLSearchParams(location.search));
  window.close();
}
