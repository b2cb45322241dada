//! What a setting holds in the end, shown at the assignments that another one overrides. Off unless the user wants them.

use lsp_types::{InlayHint, InlayHintKind, InlayHintLabel, InlayHintParams, Position};

use super::names::Module;
use super::state::{At, State};
use crate::eval::{Deed, Step};
use crate::report::value_text::value_line;
use crate::source::Place;

/// Values are cut to this many columns.
const WIDTH: usize = 48;

/// Answers a request.
pub fn hints(state: &mut State, params: InlayHintParams) -> Option<Vec<InlayHint>> {
    if !state.options.inlay_hints {
        return None;
    }
    let at = state.at_position(&params.text_document.uri, Position::default())?;
    let wanted = Place::new(at.file.id, at.view.positions(&at.file).span(params.range));
    let mut found: Vec<(Place, String)> = Vec::new();
    for module in at.modules() {
        for (place, label) in overridden(module, &at) {
            if wanted.holds(place) && !found.iter().any(|known| *known == (place, label.clone())) {
                found.push((place, label));
            }
        }
    }
    found.sort();
    let hint = |(place, label): (Place, String)| InlayHint {
        position: at.view.positions(&at.file).position(place.span.end),
        label: InlayHintLabel::String(label),
        kind: Some(InlayHintKind::TYPE),
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    Some(found.into_iter().map(hint).collect())
}

/// The statements in a file whose settings another one overrides, each with what holds in the end.
fn overridden(module: Module, at: &At) -> Vec<(Place, String)> {
    let mut found = Vec::new();
    for setting in module.judged.settings.names.values() {
        let replaces = |step: &Step| step.deed == Deed::Replaces && step.when.is_always();
        let Some(last) = setting.steps.iter().rposition(replaces) else { continue };
        let value = value_line(setting.shown(), WIDTH);
        for step in setting.steps[..last].iter().filter(|step| step.place.file == at.file.id) {
            found.push((step.place, format!("= {value} in {}", module.module.name)));
        }
    }
    found
}
