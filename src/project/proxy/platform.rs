//! Platforms and proxies: what each tells the application about the client's protocol.
//!
//! A row is a platform that terminates TLS and forwards plain HTTP, or a proxy that may. "Sends" is what reaches the
//! application without further configuration; what a configuration file adds is read from that file.

use crate::project::mentions::is_deployment_file;
use std::path::Path;

/// A platform or proxy.
#[derive(Debug, PartialEq, Eq)]
pub struct Platform {
    /// Its name in the configuration: `aws-alb`.
    pub name: &'static str,
    /// Its name in a sentence: "an AWS Application Load Balancer".
    pub title: &'static str,
    /// The headers that tell the protocol, as keys of `request.META`, with the value for a secure connection.
    pub sends: &'static [(&'static str, &'static str)],
    /// Whether these are sent only after someone configured them.
    pub is_configured: bool,
    /// Whether WebSockets get through.
    pub websockets: bool,
    /// Where this is documented or was measured.
    pub source: &'static str,
}

const PROTO: &[(&str, &str)] = &[("HTTP_X_FORWARDED_PROTO", "https")];

/// What is known of platforms and proxies.
pub const PLATFORMS: &[Platform] = &[
    Platform {
        name: "aws-alb",
        title: "an AWS Application Load Balancer",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html",
    },
    Platform {
        name: "aws-elb",
        title: "an AWS Classic Load Balancer",
        sends: PROTO,
        is_configured: false,
        websockets: false,
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/x-forwarded-headers.html",
    },
    Platform {
        name: "app-runner",
        title: "AWS App Runner",
        sends: PROTO,
        is_configured: false,
        websockets: false,
        source: "https://github.com/aws/apprunner-roadmap/issues/13",
    },
    Platform {
        name: "elastic-beanstalk",
        title: "AWS Elastic Beanstalk",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/configuring-https.html",
    },
    Platform {
        name: "cloudfront",
        title: "Amazon CloudFront",
        // The viewer's X-Forwarded-Proto is removed; this one is added by an origin request policy that names it.
        sends: &[("HTTP_CLOUDFRONT_FORWARDED_PROTO", "https")],
        is_configured: true,
        websockets: true,
        source: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html",
    },
    Platform {
        name: "heroku",
        title: "Heroku",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://devcenter.heroku.com/articles/http-routing#heroku-headers",
    },
    Platform {
        name: "fly",
        title: "Fly.io",
        sends: &[("HTTP_X_FORWARDED_PROTO", "https"), ("HTTP_X_FORWARDED_SSL", "on")],
        is_configured: false,
        websockets: true,
        source: "https://fly.io/docs/networking/request-headers/",
    },
    Platform {
        name: "render",
        title: "Render",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://render.com/docs/websocket",
    },
    Platform {
        name: "railway",
        title: "Railway",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://docs.railway.com/reference/public-networking",
    },
    Platform {
        name: "cloud-run",
        title: "Google Cloud Run",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://github.com/GoogleCloudPlatform/python-docs-samples/pull/7632",
    },
    Platform {
        name: "app-engine",
        title: "Google App Engine",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://cloud.google.com/appengine/docs/flexible/reference/request-headers",
    },
    Platform {
        name: "azure",
        title: "Azure App Service",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://learn.microsoft.com/azure/app-service/configure-language-python",
    },
    Platform {
        name: "digitalocean",
        title: "DigitalOcean App Platform",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://docs.digitalocean.com/products/app-platform/",
    },
    Platform {
        name: "scalingo",
        title: "Scalingo",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://doc.scalingo.com/platform/networking/public/routing",
    },
    Platform {
        name: "cloudflare",
        title: "Cloudflare",
        sends: &[("HTTP_X_FORWARDED_PROTO", "https"), ("HTTP_CF_VISITOR", "{\"scheme\":\"https\"}")],
        is_configured: false,
        websockets: true,
        source: "https://developers.cloudflare.com/fundamentals/reference/http-headers/",
    },
    Platform {
        name: "fastly",
        title: "Fastly",
        sends: &[("HTTP_FASTLY_SSL", "1")],
        is_configured: false,
        websockets: true,
        source: "https://www.fastly.com/documentation/reference/http/http-headers/Fastly-SSL/",
    },
    Platform {
        name: "nginx",
        title: "nginx",
        sends: PROTO,
        is_configured: true,
        websockets: true,
        source: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header",
    },
    Platform {
        name: "apache",
        title: "Apache httpd",
        sends: PROTO,
        is_configured: true,
        websockets: true,
        source: "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#x-headers",
    },
    Platform {
        name: "haproxy",
        title: "HAProxy",
        sends: PROTO,
        is_configured: true,
        websockets: true,
        source: "https://docs.haproxy.org/3.0/configuration.html#4-http-request%20set-header",
    },
    Platform {
        name: "caddy",
        title: "Caddy",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#defaults",
    },
    Platform {
        name: "traefik",
        title: "Traefik",
        sends: PROTO,
        is_configured: false,
        websockets: true,
        source: "https://doc.traefik.io/traefik/routing/entrypoints/#forwarded-headers",
    },
    Platform {
        name: "ingress-nginx",
        title: "the nginx ingress controller",
        sends: &[("HTTP_X_FORWARDED_PROTO", "https"), ("HTTP_X_FORWARDED_SCHEME", "https"), ("HTTP_X_SCHEME", "https")],
        is_configured: false,
        websockets: true,
        source: "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#use-forwarded-headers",
    },
];

/// The platform of a name.
pub fn platform(name: &str) -> Option<&'static Platform> {
    PLATFORMS.iter().find(|platform| platform.name == name)
}

/// The platforms and proxies that a deployment file shows.
pub fn shown_by(path: &Path, text: &str) -> Vec<&'static Platform> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_ascii_lowercase();
    let extension = path.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
    let is_yaml = matches!(extension.as_str(), "yml" | "yaml");
    let mut found: Vec<&str> = Vec::new();
    let mut says = |holds: bool, platform: &'static str| {
        if holds {
            found.push(platform);
        }
    };
    let has = |needle: &str| text.contains(needle);
    says(name == "heroku.yml" || name == "app.json" && has("heroku"), "heroku");
    says(name == "fly.toml", "fly");
    says(name == "render.yaml", "render");
    says(name == "railway.json" || name == "railway.toml", "railway");
    says(name == "apprunner.yaml", "app-runner");
    says(name == "scalingo.json", "scalingo");
    says(name == "app.yaml" && has("runtime: python"), "app-engine");
    says(is_yaml && has("serving.knative.dev") || has("gcloud run deploy"), "cloud-run");
    says(is_yaml && path.components().any(|part| part.as_os_str() == ".do"), "digitalocean");
    says(
        path.components().any(|part| matches!(part.as_os_str().to_str(), Some(".ebextensions" | ".elasticbeanstalk"))),
        "elastic-beanstalk",
    );
    if extension == "tf" {
        says(has("resource \"aws_lb\"") || has("resource \"aws_alb\""), "aws-alb");
        says(has("resource \"aws_elb\""), "aws-elb");
        says(has("resource \"aws_cloudfront_distribution\""), "cloudfront");
        says(has("resource \"google_cloud_run_"), "cloud-run");
        says(has("resource \"azurerm_linux_web_app\"") || has("resource \"azurerm_app_service\""), "azure");
        says(has("resource \"cloudflare_"), "cloudflare");
    }
    if is_yaml || extension == "template" || extension == "json" {
        says(has("AWS::ElasticLoadBalancingV2::LoadBalancer") || has("alb.ingress.kubernetes.io/"), "aws-alb");
        says(has("AWS::CloudFront::Distribution"), "cloudfront");
        says(has("nginx.ingress.kubernetes.io/") || has("ingressClassName: nginx"), "ingress-nginx");
        says(has("image: traefik") || has("traefik.http."), "traefik");
        says(has("image: caddy"), "caddy");
    }
    says(name == "caddyfile" || extension == "caddyfile", "caddy");
    says(name == "haproxy.cfg", "haproxy");
    says(has("proxy_pass ") && is_deployment_file(path), "nginx");
    says(has("ProxyPass ") && matches!(extension.as_str(), "conf" | ""), "apache");
    found.into_iter().filter_map(platform).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str, text: &str) -> Vec<&'static str> {
        shown_by(Path::new(path), text).into_iter().map(|platform| platform.name).collect()
    }

    #[test]
    fn files_show_platforms() {
        assert_eq!(names("/p/fly.toml", "app = 'x'"), ["fly"]);
        assert_eq!(names("/p/infra/main.tf", "resource \"aws_lb\" \"main\" {}"), ["aws-alb"]);
        assert_eq!(names("/p/nginx.conf", "location / { proxy_pass http://app; }"), ["nginx"]);
        assert_eq!(names("/p/compose.yml", "image: traefik:v3"), ["traefik"]);
        assert_eq!(names("/p/compose.yml", "image: postgres"), [] as [&str; 0]);
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = PLATFORMS.iter().map(|platform| platform.name).collect();
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
