// The state of the page is the part of the address after `#`: it outlives the question for the token.

document.getElementById('token-form').action = `/${location.hash}`;
