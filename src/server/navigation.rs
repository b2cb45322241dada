//! Where a setting is assigned: the statement that wins, and all of them in order.

use lsp_types::{GotoDefinitionParams, GotoDefinitionResponse, Location, ReferenceParams, TextDocumentPositionParams};

use super::state::{At, State};
use crate::eval::{Deed, Step};
use crate::source::Place;

/// The statement that decides what a setting holds in the end, in each settings module that is told about.
pub fn definition(state: &mut State, params: GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    let at = state.at(&params.text_document_position_params)?;
    let winners =
        places(&at, |steps| steps.iter().rev().find(|step| step.deed != Deed::Nothing).into_iter().collect())?;
    (!winners.is_empty()).then_some(GotoDefinitionResponse::Array(winners))
}

/// Every statement that assigns a setting or changes it, in the order in which they run.
pub fn references(state: &mut State, params: ReferenceParams) -> Option<Vec<Location>> {
    let position: TextDocumentPositionParams = params.text_document_position;
    places(&state.at(&position)?, |steps| steps.iter().collect())
}

/// Where the chosen steps of the setting that is named stand, each once.
fn places(at: &At, choose: impl Fn(&[Step]) -> Vec<&Step>) -> Option<Vec<Location>> {
    let named = at.setting()?;
    let mut places: Vec<Place> = Vec::new();
    for module in at.modules() {
        let Some(setting) = module.judged.settings.names.get(named.name.as_str()) else { continue };
        for step in choose(&setting.steps) {
            if !places.contains(&step.place) {
                places.push(step.place);
            }
        }
    }
    Some(places.into_iter().filter_map(|place| at.view.location(place)).collect())
}
