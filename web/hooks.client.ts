// Loaded before any page, so that the style sheet is linked in the page itself and the paper is
// there at the first paint, in the reader's own light or dark.
import './app.css'
